"""Benchmarks of the demo."""
