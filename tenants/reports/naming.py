"""
Whom rows are about: from the ids that tasks and letters carry to names, in two queries whatever the number.

`about` says participation, person, proposal, relationship or letter; a proposal
and a relationship are about two people, mentor first, a group or circle about more. An import is about a file
and a run about its number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import String, and_, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.proposals.models import MatchingRun, Proposal, ProposalState
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import Participation, RosterImport
from tenants.relationships.models import Member, Relationship, RelationshipState

Bond = Literal["", "proposal", "match", "closed"]

_ENDED = frozenset(
    {
        ProposalState.DECLINED.value,
        ProposalState.EXPIRED.value,
        ProposalState.WITHDRAWN.value,
        RelationshipState.ENDED.value,
    }
)


@dataclass(frozen=True, slots=True)
class Named:
    """One of the people whom a row is about; `person_id` is None for an address that is nobody yet."""

    person_id: UUID | None
    full_name: str
    role: str
    phone: str | None
    interview_on: datetime | None


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom one row is about, and what joins them if they are two; else the file or the run that it is about."""

    people: tuple[Named, ...]
    bond: Bond = ""
    file: str = ""
    run: int | None = None


NOBODY = Concerned(())


async def concerned(session: AsyncSession, abouts: Sequence[Mapping[str, Any]]) -> list[Concerned]:
    """Whom each of `abouts` is about, in their order. What has gone away is about nobody."""
    pairs = await _together(
        session, _ids(abouts, "proposal_id"), _ids(abouts, "relationship_id"), _ids(abouts, "party_id")
    )
    sides = {side for people, _ in pairs.values() for side in people}
    people = await _people(
        session,
        _ids(abouts, "participation_id") | sides,
        _ids(abouts, "person_id"),
        _ids(abouts, "letter_id"),
        _ids(abouts, "import_id"),
        _ids(abouts, "run_id"),
    )
    return [_concerned(about, pairs, people) for about in abouts]


def _concerned(
    about: Mapping[str, Any],
    pairs: Mapping[UUID, tuple[list[UUID], Bond]],
    people: Mapping[UUID, Named],
) -> Concerned:
    for name in ("relationship_id", "proposal_id", "party_id"):
        together = pairs.get(read_id(about.get(name)) or _NO_ID)
        if together is not None:
            sides, bond = together
            return Concerned(tuple(people[side] for side in sides if side in people), bond)
    for name in ("participation_id", "person_id", "letter_id"):
        found = people.get(read_id(about.get(name)) or _NO_ID)
        if found is not None:
            return Concerned((found,))
    if file := people.get(read_id(about.get("import_id")) or _NO_ID):
        return Concerned((), file=file.full_name)
    if run := people.get(read_id(about.get("run_id")) or _NO_ID):
        return Concerned((), run=int(run.full_name))
    return NOBODY


async def _together(
    session: AsyncSession, proposals: set[UUID], relationships: set[UUID], parties: set[UUID]
) -> dict[UUID, tuple[list[UUID], Bond]]:
    """Who are together in each, a mentor first: both of a pair, everybody of a group or circle. One query."""
    of_party = (
        select(Party.id, Seat.participation_id, Seat.role, Party.state)
        .join(Seat, and_(Seat.organisation_id == Party.organisation_id, Seat.party_id == Party.id))
        .where(Party.id.in_(parties))
    )
    of_case = (
        select(Relationship.id, Member.participation_id, Member.role, Relationship.state)
        .join(
            Member,
            and_(
                Member.organisation_id == Relationship.organisation_id,
                Member.relationship_id == Relationship.id,
            ),
        )
        .where(Relationship.id.in_(relationships), Member.left_at.is_(None))
    )
    sides = [
        select(table.id, side, literal(role), table.state).where(table.id.in_(wanted), side.is_not(None))
        for table, wanted in ((Proposal, proposals), (Relationship, relationships))
        for side, role in ((table.mentor_id, "mentor"), (table.mentee_id, "mentee"))
    ]
    rows: Any = await session.execute(union_all(*sides, of_party, of_case))
    found: dict[UUID, tuple[list[UUID], Bond]] = {}
    for id, side, role, state in sorted(rows, key=lambda row: (row[2] != "mentor", row[1])):
        people, _ = found.setdefault(id, ([], bond_of(state)))
        people.insert(0, side) if role == "mentor" else people.append(side)
    return found


def bond_of(state: str) -> Bond:
    """How a proposal or a relationship in this state is drawn."""
    if state in _ENDED:
        return "closed"
    joined = (ProposalState.CONFIRMED, PartyState.CONFIRMED, RelationshipState.RUNNING)
    return "match" if state in joined else "proposal"


async def _people(
    session: AsyncSession,
    participations: set[UUID],
    persons: set[UUID],
    letters: set[UUID],
    imports: set[UUID],
    runs: set[UUID],
) -> dict[UUID, Named]:
    """By their ids; of a file its name and of a run its number, which stand where a name would."""
    of_participation = (
        select(
            Participation.id.label("key"), Person.id.label("person_id"), Person.full_name,
            Participation.role.label("role"), Person.phone, Participation.interview_on,
        )
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_(participations))
    )  # fmt: skip
    of_person = select(Person.id, Person.id, Person.full_name, literal(""), Person.phone, null()).where(
        Person.id.in_(persons)
    )
    of_letter = (
        select(
            Letter.id, Person.id,
            func.coalesce(Person.full_name, Letter.to_email, ""), literal(""), Person.phone, null(),
        )
        .outerjoin(Person, Person.id == Letter.person_id)
        .where(Letter.id.in_(letters))
    )  # fmt: skip
    of_import = select(RosterImport.id, null(), RosterImport.file_name, literal(""), null(), null()).where(
        RosterImport.id.in_(imports)
    )
    of_run = select(
        MatchingRun.id, null(), cast(MatchingRun.number, String), literal(""), null(), null()
    ).where(MatchingRun.id.in_(runs))
    rows: Any = await session.execute(union_all(of_participation, of_person, of_letter, of_import, of_run))
    return {row.key: Named(*row[1:]) for row in rows}


def _ids(abouts: Iterable[Mapping[str, Any]], name: str) -> set[UUID]:
    return {found for about in abouts if (found := read_id(about.get(name)))}


_NO_ID = UUID(int=0)


def read_id(value: Any) -> UUID | None:
    """An id as `about` keeps it; None for whatever is none."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
