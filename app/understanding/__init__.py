"""Core room. In: what people say, already normalised, and the day. Out: numbers, money, ages, durations, dates and areas as intervals, with spans."""

from app.understanding.quantities import Quantity, quantities

__all__ = ["Quantity", "quantities"]
