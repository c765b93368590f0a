"""Matching: the runs of a cycle, a new one, one run while it works and when it is done, one pair of it."""

from web.pages.matching import choosing, moves, pair, results, runs, searching, wishes

ROUTES = [
    *runs.ROUTES,
    *choosing.ROUTES,
    *wishes.ROUTES,
    *results.ROUTES,
    *moves.ROUTES,
    *pair.ROUTES,
    *searching.ROUTES,
]
