"""The studio: pages in a real browser."""
