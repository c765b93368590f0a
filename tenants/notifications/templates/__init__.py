"""What an organisation makes of the words of its letters: for all of a kind, and for one that waits."""
