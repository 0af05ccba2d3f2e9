"""The studio: see a chat, train a voice, talk to it, in a browser."""
