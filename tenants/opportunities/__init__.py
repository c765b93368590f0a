"""Jobs, training, events elsewhere: what the people of a programme can act on together."""
