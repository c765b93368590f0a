"""Matching runs, the proposals they make, and two private answers."""
