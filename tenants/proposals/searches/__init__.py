"""Looking for somebody by hand, from one person's side."""
