"""Voices over HTTP."""
