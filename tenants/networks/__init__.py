"""Sub-networks: people of a programme, or of all of them, who share something and keep in touch about it."""
