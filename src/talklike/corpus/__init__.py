"""Messages → encoded streams: choose authors, clean, split by time, alphabet, encode to disk."""
