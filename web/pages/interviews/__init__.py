"""Confidential notes: the one door through which what they hold leaves (docs/decisions/0014-confidential-notes.md)."""

from web.pages.interviews import emergencies, giving, own, sharing, showing, writing

ROUTES = [
    *showing.ROUTES,
    *writing.ROUTES,
    *giving.ROUTES,
    *emergencies.ROUTES,
    *own.ROUTES,
    *sharing.ROUTES,
]
