"""Benchmarks: one file for each, in the folder of the stage it measures; each prints a JSON line for every figure."""
