"""Whom a letter of a pair, a group or a circle is written to, and what its other people are called."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import gettext as _
from infra.language import isolated
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import OTHER, READER
from tenants.notifications.wording.filling import Value
from tenants.people.models import Person
from tenants.registration.around import around_of
from tenants.registration.joining import with_person
from tenants.registration.models import ParticipantRole
from tenants.relationships import queries
from tenants.relationships.models import Member, Relationship, RelationshipState
from tenants.relationships.queries import Belonging


@dataclass(frozen=True, slots=True)
class Case:
    """
    A relationship for one of its people. `other` is the one other of a pair; of a group or
    circle it is empty, and `others` are all of them.
    """

    relationship: Relationship
    participation_id: UUID
    me: str
    zone: str
    other: str
    others: tuple[Belonging, ...]
    is_circle: bool

    @property
    def with_whom(self) -> str:
        return self.other or self.ours

    @property
    def ours(self) -> str:
        """What they call themselves."""
        return _("your circle") if self.is_circle else _("your group")

    @property
    def open_page(self) -> str:
        """The words of a button to their page."""
        if self.other:
            return _("Open your pair’s page")
        return _("Open your circle’s page") if self.is_circle else _("Open your group’s page")

    def name_of(self, participation_id: UUID) -> str:
        """Of one of the others; of herself what they call themselves."""
        found = (one.full_name for one in self.others if one.participation_id == participation_id)
        return next((isolated(name) for name in found), self.ours)

    @property
    def form(self) -> str:
        """Which words the letters have that go to pairs, groups and circles."""
        if self.other:
            return ""
        return "circle" if self.is_circle else "group"

    def who(self, session: AsyncSession) -> dict[str, Value]:
        """Values of the fields that every letter of a relationship has."""
        return {
            READER: self.me,
            OTHER: self.other or self.ours,
            **around_of(session, self.participation_id),
        }


async def case_of(
    session: AsyncSession, promised: Letter, *, state: RelationshipState = RelationshipState.RUNNING
) -> Case | None:
    """None unless the relationship is in `state`, or she has left it."""
    relationship = (
        await session.execute(
            select(Relationship).where(Relationship.id == UUID(promised.about["relationship_id"]))
        )
    ).scalar_one_or_none()
    if relationship is None or relationship.state != state:
        return None
    people = await queries.people(session, relationship)
    me = next((one for one in people if one.person_id == promised.person_id), None)
    if me is None:
        return None
    others = tuple(one for one in people if one is not me)
    is_pair = relationship.party_id is None
    return Case(
        relationship,
        me.participation_id,
        isolated(me.full_name),
        me.time_zone,
        isolated(others[0].full_name) if is_pair else "",
        others,
        all(one.role == ParticipantRole.PEER for one in people),
    )


async def case_of_leaver(session: AsyncSession, promised: Letter) -> tuple[Case, datetime] | None:
    """Of somebody who has left a group or circle, and when she did; the others are those who are in it now."""
    query = select(Relationship, Member, Person.full_name, Person.time_zone).join(
        Member,
        and_(
            Member.organisation_id == Relationship.organisation_id, Member.relationship_id == Relationship.id
        ),
    )
    query = with_person(query, Member.participation_id).where(
        Relationship.id == UUID(promised.about["relationship_id"]),
        Person.id == promised.person_id,
        Member.participation_id == UUID(promised.about["participation_id"]),
        Member.left_at.is_not(None),
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    relationship, member = row.Relationship, row.Member
    case = Case(
        relationship,
        member.participation_id,
        isolated(row.full_name),
        row.time_zone,
        "",
        tuple(await queries.people(session, relationship)),
        member.role == ParticipantRole.PEER,
    )
    return case, member.left_at
