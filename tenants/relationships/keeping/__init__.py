"""Whether pairs keep meeting: what they say of a meeting, how long they have been silent, and who was not heard of."""
