"""Timings on the real catalogue, printed and never judged: `make bench` runs them all, `python -m benchmarks NAME …` some."""
