"""A server and its clients, as processes of their own."""
