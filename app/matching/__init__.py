"""Core room. In: a profile, a catalogue and a day. Out: verdicts with reasons, missing facts, steps, estimates, order, next question."""
