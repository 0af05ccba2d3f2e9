"""How good a voice is, in numbers."""
