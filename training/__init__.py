"""Trains and grades the small classifier of app/understanding (knowledge/classifier.json) on labelled sentences of our own."""
