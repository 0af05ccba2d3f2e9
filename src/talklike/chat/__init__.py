"""Any chat export → one table of messages."""
