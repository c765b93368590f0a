"""Data rights: the map of all that is kept, everybody's own copy of it, and its deletion."""
