"""Streams → a voice: network, recipe, loop, checkpoint, run folder."""
