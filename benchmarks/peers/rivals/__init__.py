"""What competes with talklike, on what text, and how it is examined."""
