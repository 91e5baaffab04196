"""Guiyan 归雁: which support measures a person who comes home to Shanxi can get, how much, why, and what to do next."""

__version__ = "0.1.0"
