"""
The main job as deeds that go on while processes are killed: importing, matching, approving, answering, registering.

See `tests.killing.Deed`. Each `faults` compares the database with what its
deed knows: what is lost, what is there twice.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from infra import ids
from infra.ground import Ground
from tenants.actor import Actor, person
from tenants.identity import tokens
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import RoleGrant
from tenants.permissions import Permission, Role
from tenants.programmes.starters import StarterName
from tenants.proposals import actions as proposals
from tenants.proposals.models import Proposal, ProposalState
from tenants.proposals.rules import NotApprovable
from tenants.registration.models import ImportState, Participation, Status
from tests import making
from tests.coordinating import Coordinator, insist
from tests.installation import Installation
from tests.making import Made

PATIENCE_S = 300.0
PAUSE_S = 0.2
APPROVED = 40  # proposals; one coordinator may have no more than 80 cases


class Imports:
    """Rosters, one after the other, each into an organisation of its own."""

    def __init__(self, file: str = "chapter-pilot.xlsx", *, status: Status = Status.REGISTERED) -> None:
        self.file = file
        self.status = status
        self.imported: dict[UUID, dict[str, Any]] = {}  # what each import said of itself at its end
        self.coordinators: list[Coordinator] = []

    async def prepare(self, ground: Ground) -> None:
        self.ground = ground

    async def work(self, ground: Ground, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.one(ground)

    async def one(self, ground: Ground) -> Coordinator:
        made = await insist(lambda: making.organisation(ground.database))
        launched = await insist(
            lambda: making.programme(
                ground.database, made, starter=StarterName.INTER_AGENCY, slug=ids.new().hex
            )
        )
        coordinator = Coordinator(ground, made.coordinator, launched.cycle.id)
        # The same file twice within ten minutes is one upload, so insisting is safe.
        import_id = await insist(lambda: coordinator.upload(self.file))
        await coordinator.until_roster(import_id, ImportState.STAGED, PATIENCE_S)
        await insist(lambda: coordinator.commit(import_id, self.status))
        done = await coordinator.until_roster(import_id, ImportState.COMMITTED, PATIENCE_S)
        self.imported[import_id] = done.counts
        self.coordinators.append(coordinator)
        return coordinator

    def faults(self, installation: Installation) -> list[str]:
        found = []
        for import_id, counts in self.imported.items():
            written = installation.sql(
                "SELECT (SELECT count(*) FROM participation WHERE import_id = i.id),"
                " (SELECT count(*) FROM audit_event WHERE object_id = i.id AND event = 'roster.committed'),"
                " (SELECT count(*) FROM roster_row WHERE import_id = i.id AND state = 'imported'),"
                " (SELECT count(*) FROM task WHERE organisation_id = i.organisation_id AND kind = 'import.done')"
                f" FROM roster_import AS i WHERE id = '{import_id}'"
            )
            expected = [(counts["participations"], 1, counts["imported"], 1)]
            if written != expected:
                found.append(f"import {import_id}: {written} instead of {expected}")
        if len({str(counts["participations"]) for counts in self.imported.values()}) > 1:
            found.append(f"the same file became different people: {self.imported}")
        return found


class Runs(Imports):
    """Imports, and then matching runs over what was imported, again and again."""

    def __init__(self, file: str = "inter-agency-2026.xlsx", *, organisations: int = 1) -> None:
        super().__init__(file, status=Status.READY)
        self.organisations = organisations
        self.runs: list[UUID] = []

    async def work(self, ground: Ground, stop: asyncio.Event) -> None:
        for _ in range(self.organisations):
            await self.one(ground)
        while not stop.is_set():
            for coordinator in self.coordinators:
                run_id = await insist(coordinator.start_run)
                await coordinator.until_run(run_id, PATIENCE_S)
                if run_id not in self.runs:
                    self.runs.append(run_id)
                await asyncio.sleep(PAUSE_S)  # soon after, the same start is taken for a doubled click

    def faults(self, installation: Installation) -> list[str]:
        found = super().faults(installation)
        drafts: dict[UUID, set[Any]] = {}
        for run_id in self.runs:
            rows = installation.sql(
                f"SELECT cycle_id, mentor_id, mentee_id FROM proposal WHERE run_id = '{run_id}' ORDER BY 2, 3"
            )
            ends = installation.sql(
                f"SELECT count(*) FROM audit_event WHERE object_id = '{run_id}' AND event = 'run.done'"
            )
            mentees = [row[2] for row in rows]
            if len(set(mentees)) != len(mentees) or not rows or ends != [(1,)]:
                found.append(f"run {run_id}: {len(rows)} proposals, {len(set(mentees))} mentees, {ends} ends")
            drafts.setdefault(UUID(str(rows[0][0])) if rows else run_id, set()).add(tuple(rows))
        found += [f"runs of {cycle} differ" for cycle, kinds in drafts.items() if len(kinds) > 1]
        return found


@dataclass
class Registrations:
    """People registered over the API, with the same Idempotency-Key until there is an answer."""

    port: int
    addresses: list[str] = field(default_factory=list)

    async def prepare(self, ground: Ground) -> None:
        self.made = await making.organisation(ground.database)
        self.launched = await making.programme(ground.database, self.made)
        both = await making.somebody(ground.database, self.made.id, Role.OWNER, Role.COORDINATOR)
        wanted = (Permission.REGISTRATION_MAKE, Permission.PEOPLE_READ, Permission.PROGRAMME_READ)
        self.token = await token(ground, both, wanted)

    async def work(self, ground: Ground, stop: asyncio.Event) -> None:
        async with client(self.port, self.made, self.token) as http:
            while not stop.is_set():
                await self._one(http)
                await asyncio.sleep(PAUSE_S)

    async def _one(self, http: httpx.AsyncClient) -> None:
        address = f"{ids.new().hex}@example.org"
        body = {
            "programme_id": str(self.launched.programme.id), "role": "mentee", "full_name": "Kata Kovács",
            "email": address, "answers": making.answers("mentee"), "consents": ["taking_part", "matching"],
            "channel": "phone", "is_confirmed": True,
        }  # fmt: skip

        async def is_there() -> bool:
            found = await ask(http, "GET", f"/api/v1/participations?search={address}")
            return bool(found.json())

        async with asyncio.timeout(PATIENCE_S):
            while True:
                key = {"idempotency-key": ids.new().hex}
                answered = await ask(http, "POST", "/api/v1/registrations", json=body, headers=key)
                if answered.status_code == 201:
                    break
                # The first try was cut off and may have been done: look, before acting again.
                assert answered.status_code in (409, 422), answered.text
                if await is_there():
                    break
        self.addresses.append(address)

    def faults(self, installation: Installation) -> list[str]:
        rows = installation.sql(
            "SELECT person.email, count(*) FROM participation JOIN person ON person.id = person_id"
            f" WHERE participation.organisation_id = '{self.made.id}' GROUP BY 1"
        )
        found = {str(email): count for email, count in rows}
        return [
            f"{one} is registered {found.get(one, 0)} times" for one in self.addresses if found.get(one) != 1
        ]


class Answers:
    """Proposals approved, and answered yes by both over the API, with retries: each ends with contact data released."""

    def __init__(self, port: int, *, at_least: int = 3) -> None:
        self.port = port
        self.at_least = at_least
        self.answered: list[UUID] = []

    async def prepare(self, ground: Ground) -> None:
        self.made = await making.organisation(ground.database)
        self.launched = await making.programme(ground.database, self.made, starter=StarterName.INTER_AGENCY)

    async def work(self, ground: Ground, stop: asyncio.Event) -> None:
        coordinator = Coordinator(ground, self.made.coordinator, self.launched.cycle.id)
        import_id = await insist(lambda: coordinator.upload("inter-agency-2026.xlsx"))
        await coordinator.until_roster(import_id, ImportState.STAGED, PATIENCE_S)
        await insist(lambda: coordinator.commit(import_id, Status.READY))
        await coordinator.until_roster(import_id, ImportState.COMMITTED, PATIENCE_S)
        run_id = await insist(coordinator.start_run)
        await coordinator.until_run(run_id, PATIENCE_S)
        await insist(lambda: self._approve(ground, run_id))
        await insist(lambda: self._hurry(ground))
        for proposal, people in await insist(lambda: self._open(ground, run_id)):
            for one in people:
                await self._answer(ground, proposal, one)
            self.answered.append(proposal)
            if stop.is_set() and len(self.answered) >= self.at_least:
                return

    async def _approve(self, ground: Ground, run_id: UUID) -> None:
        async with ground.database.tenant_session(self.made.coordinator.context()) as session:
            query = select(Proposal.id).where(Proposal.run_id == run_id).order_by(Proposal.id).limit(APPROVED)
            chosen = (await session.execute(query)).scalars().all()
            try:
                await proposals.approve(session, self.made.coordinator, run_id, chosen)
            except NotApprovable:
                return  # the first try was acknowledged to nobody, and done

    async def _hurry(self, ground: Ground) -> None:
        """The letters that ask both go now, and not when the coordinator can no longer take them back."""
        async with ground.database.tenant_session(self.made.coordinator.context()) as session:
            query = select(Letter.id).where(
                Letter.kind == "proposal.meet", Letter.state == LetterState.WAITING
            )
            for letter_id in (await session.execute(query)).scalars().all():
                await notifications.hurry_letter(session, self.made.coordinator, letter_id)

    async def _open(self, ground: Ground, run_id: UUID) -> list[tuple[UUID, tuple[UUID, UUID]]]:
        async with ground.database.tenant_session(self.made.coordinator.context()) as session:
            query = select(Proposal.id, Proposal.mentor_id, Proposal.mentee_id).where(
                Proposal.run_id == run_id, Proposal.state == ProposalState.OPEN
            )
            rows = (await session.execute(query)).all()
            sides = {side for _, *both in rows for side in both}
            people = select(Participation.id, Participation.person_id).where(Participation.id.in_(sides))
            of = {row[0]: row[1] for row in await session.execute(people)}
        return [(row[0], (of[row[1]], of[row[2]])) for row in rows]

    async def _answer(self, ground: Ground, proposal: UUID, who: UUID) -> None:
        her = person(self.made.id, who, frozenset({Role.PARTICIPANT, Role.OWNER}))
        secret = await insist(lambda: self._token(ground, her))
        path = f"/api/v1/me/proposals/{proposal}/answers"
        async with client(self.port, self.made, secret) as http, asyncio.timeout(PATIENCE_S):
            said = {"asked_for": "meet", "is_yes": True}
            while (answered := await ask(http, "POST", path, json=said)).status_code == 404:
                await asyncio.sleep(PAUSE_S)  # her letter has not left yet
            # 409: said before, and the proposal has moved on since.
            assert answered.status_code in (200, 409), answered.text

    async def _token(self, ground: Ground, her: Actor) -> str:
        async with ground.database.tenant_session(self.made.house.context()) as session:
            held = select(RoleGrant.id).where(
                RoleGrant.person_id == her.person_id, RoleGrant.role == Role.PARTICIPANT
            )
            if (await session.execute(held)).first() is None:
                session.add(
                    RoleGrant(
                        organisation_id=self.made.id,
                        person_id=her.person_id,
                        role=Role.PARTICIPANT,
                        office_id=None,
                    )
                )
        return await token(ground, her, (Permission.OWN_CASE,))

    def faults(self, installation: Installation) -> list[str]:
        found = []
        for proposal in self.answered:
            written = installation.sql(
                "SELECT state, (SELECT count(*) FROM answer WHERE proposal_id = p.id),"
                " (SELECT count(*) FROM audit_event WHERE object_id = p.id AND event = 'proposal.meeting')"
                f" FROM proposal AS p WHERE id = '{proposal}'"
            )
            if written != [("meeting", 2, 1)]:
                found.append(f"proposal {proposal}: {written}")
        return found


async def token(ground: Ground, actor: Actor, permissions: Sequence[Permission]) -> str:
    async with ground.database.tenant_session(actor.context()) as session:
        return (await tokens.make(session, actor, name="deeds", permissions=permissions)).secret


def client(port: int, made: Made, secret: str) -> httpx.AsyncClient:
    headers = {"host": made.host, "authorization": f"Bearer {secret}"}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20)


async def ask(http: httpx.AsyncClient, method: str, path: str, **request: Any) -> httpx.Response:
    """The same request until the house is able to answer it."""
    while True:
        try:
            answered = await http.request(method, path, **request)
        except httpx.TransportError:
            await asyncio.sleep(PAUSE_S)
            continue
        if answered.status_code < 500 and answered.status_code != 429:
            return answered
        await asyncio.sleep(PAUSE_S)
