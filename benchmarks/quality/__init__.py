"""Benchmarks of how good voices become."""
