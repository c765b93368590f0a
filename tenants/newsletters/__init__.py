"""Newsletters: an issue is written in each language, sent once to those who want news, and may stand on a page."""
