"""Benchmarks and claims: each measures, prints a report, and is run by ``make``."""
