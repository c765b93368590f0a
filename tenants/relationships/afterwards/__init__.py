"""What each of the people of a relationship would like once it has ended (K13)."""
