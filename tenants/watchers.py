"""
Every module that must be loaded wherever participations may change, or something sealed is opened.

Pool cards are rebuilt by a watcher of `tenants.registration`, which cannot name
the rooms above itself. A process that does not import this one would change
people and leave their cards behind; or find a changed text and tell nobody.
"""

from tenants.gatherings import leaving as gatherings
from tenants.notifications import alarms
from tenants.pools import actions as pools
from tenants.proposals import leaving
from tenants.proposals.runs import places
from tenants.relationships import counted

WATCHERS = (pools, places, counted, leaving, gatherings, alarms)

__all__ = ["WATCHERS"]
