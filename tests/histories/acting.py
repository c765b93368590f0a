"""Whoever acts in the product, for the deeds of the histories, and which rows their names stand for."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from infra import clock
from tests.histories.script import Step
from tests.pairing import Somebody, Stage


class Nothing(Exception):
    """There is nothing (yet) that the step could be about."""


class Acting:
    def __init__(self, stage: Stage, zone: str) -> None:
        self.stage, self.zone = stage, zone
        self.people: dict[str, Somebody] = {}
        self.pairs: dict[str, tuple[UUID, UUID]] = {}  # run, proposal or party
        self.parties: set[str] = set()  # those of them that are groups and circles
        self.names: dict[UUID, str] = {}
        self.meetings: dict[str, list[UUID]] = defaultdict(list)
        self.offers: dict[str, list[UUID]] = defaultdict(list)  # those of them that nobody noted afterwards
        self.moves: set[UUID] = set()  # those that were offered in place of another
        self.programmes: dict[str, UUID] = {}  # of each pair
        self.opened: dict[tuple[str, str], Any] = {}  # agreements that stand open before somebody
        self.desks: dict[str, UUID] = {}  # the coordinators
        self.addresses: dict[str, str] = {}  # and theirs
        self.cycles: dict[str, UUID] = {}  # of each workshop
        self.workshops: dict[str, UUID] = {}
        self.batches: dict[str, UUID] = {}  # of the last invitations to it

    @property
    def by(self) -> Any:
        return self.stage.by

    async def act(self, action: Any, *what: Any, by: Any = None, **facts: Any) -> Any:
        actor = by or self.by
        async with self.stage.session(actor) as session:
            return await action(session, actor, *what, **facts)

    def on(self, step: Step) -> date:
        return clock.today(self.zone) + timedelta(days=int(str(step["in_days"])))
