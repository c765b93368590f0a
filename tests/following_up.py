"""Pairs whose follow-up is due: asked for by the sweep, sent by the workers, counted at the mail server."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from infra import clock, ids
from infra.ground import Ground
from infra.mail.messages import message_id
from infra.outbox import enqueue
from tenants.people.models import Person
from tenants.pools.actions import ensure_pool
from tenants.programmes.actions import Launched
from tenants.proposals.models import Proposal, ProposalState
from tenants.registration.models import Participation, Status
from tenants.relationships.models import Relationship, RelationshipState
from tests import making
from tests.coordinating import insist
from tests.installation import Installation
from workers.sweeping import SweepOrganisation

AT_ONCE = 500  # pairs in one transaction
DUE_AFTER = timedelta(days=91)


class FollowUps:
    """So many pairs of one organisation, to whose people the same day brings a letter. See `tests.killing.Deed`."""

    def __init__(self, pairs: int) -> None:
        self.pairs = pairs
        self.repeats = 0

    async def prepare(self, ground: Ground) -> None:
        self.made = await making.organisation(ground.database)
        launched = await making.programme(ground.database, self.made)
        async with ground.database.tenant_session(self.made.house.context()) as session:
            pool = await ensure_pool(session, self.made.house, launched.cycle.id)
        for begin in range(0, self.pairs, AT_ONCE):
            rows = self._rows(launched, pool.id, begin, min(begin + AT_ONCE, self.pairs))
            async with ground.database.tenant_session(self.made.house.context()) as session:
                for table in (Person, Participation, Proposal, Relationship):
                    await session.execute(insert(table), rows[table])

    async def work(self, ground: Ground, stop: asyncio.Event) -> None:
        """What the timetable asks of the workers each hour; then they need nobody."""

        async def ask() -> None:
            async with ground.database.tenant_session(self.made.house.context()) as session:
                await enqueue(session, SweepOrganisation(), key="sweep:follow-ups")

        await insist(ask)

    def faults(self, installation: Installation) -> list[str]:
        letters = installation.sql(
            f"SELECT key, person_id, state FROM letter WHERE organisation_id = '{self.made.id}'"
            " AND kind = 'follow_up.asked'"
        )
        arrived = installation.letters()
        count = {str(key): arrived[message_id(str(key), "localhost").strip("<>")] for key, *_ in letters}
        self.repeats = sum(max(0, times - 1) for times in count.values())
        readers = Counter(str(person_id) for _, person_id, _ in letters)
        return [
            *([f"{len(readers)} of {2 * self.pairs} were asked"] if len(readers) != 2 * self.pairs else []),
            *(f"asked {times} times: {one}" for one, times in readers.items() if times > 1),
            *(f"letter {key} is {state}" for key, _, state in letters if state != "sent"),
            *(f"never arrived: {key}" for key, times in count.items() if not times),
        ]

    def _rows(
        self, launched: Launched, pool_id: UUID, begin: int, end: int
    ) -> dict[Any, list[dict[str, Any]]]:
        rows: dict[Any, list[dict[str, Any]]] = {
            Person: [],
            Participation: [],
            Proposal: [],
            Relationship: [],
        }
        own = {"organisation_id": self.made.id}
        begun = clock.now() - DUE_AFTER
        of_cycle = {"cycle_id": launched.cycle.id}
        for number in range(begin, end):
            sides = {}
            for role in ("mentor", "mentee"):
                person_id, sides[f"{role}_id"] = ids.new(), ids.new()
                rows[Person].append(
                    {
                        "id": person_id, "full_name": f"{role.title()} {number}", "language": ("en", "fr", "ar")[number % 3],
                        "email": f"{role}{number}@{self.made.id.hex[-8:]}.example.org", "time_zone": "UTC", **own,
                    }
                )  # fmt: skip
                rows[Participation].append(
                    {
                        "id": sides[f"{role}_id"], "person_id": person_id, "programme_id": launched.programme.id,
                        "role": role, "status": Status.IN_RELATIONSHIP, "status_at": begun, "origin": "form",
                        "registered_on": begun.date(), **of_cycle, **own,
                    }
                )  # fmt: skip
            proposal_id = ids.random()
            rows[Proposal].append(
                {
                    "id": proposal_id, "pool_id": pool_id, "state": ProposalState.CONFIRMED, "score": 700,
                    "most": 1_000, "contributions": [], "sent_at": begun, "closed_at": begun, **sides, **of_cycle, **own,
                }
            )  # fmt: skip
            rows[Relationship].append(
                {
                    "id": ids.new(), "proposal_id": proposal_id, "programme_id": launched.programme.id,
                    "state": RelationshipState.RUNNING, "begun_at": begun, "ends_on": (begun + timedelta(days=365)).date(),
                    "coordinator_id": self.made.coordinator.person_id, **sides, **of_cycle, **own,
                }
            )  # fmt: skip
        return rows
