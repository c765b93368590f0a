"""Addresses of ours with a query."""

from urllib.parse import urlencode


def address(path: str, **query: str) -> str:
    """`path`, with those parts of the query that are not empty."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
