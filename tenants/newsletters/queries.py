"""Issues of newsletters: on the desk, for their readers, and on a programme's public page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.newsletters import rules
from tenants.newsletters.models import Issue, IssueProgramme, IssueState, NewsPage
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.consents import Purpose
from tenants.registration.models import Consent, Participation, Status

KIND = "newsletter.issue"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would get an issue now, by language, and how many are left out since they had one within the month."""

    languages: dict[str, int]
    lately: int

    @property
    def number(self) -> int:
        return sum(self.languages.values())


async def listed(
    session: AsyncSession, actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> Sequence[Issue]:
    """The newest first."""
    actor.require(Permission.NEWSLETTERS_SEND)
    query = select(Issue).order_by(Issue.created_at.desc(), Issue.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(Issue.created_at, Issue.id) < tuple_(*after))
    return (await session.scalars(query)).all()


async def access(session: AsyncSession, actor: Actor, newsletter_id: UUID, *, lock: bool = False) -> Issue:
    """
    For whoever writes newsletters.

    Raises:
        NotFound: no such issue in this organisation.
    """
    actor.require(Permission.NEWSLETTERS_SEND)
    query = select(Issue).where(Issue.id == newsletter_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="newsletter", id=str(newsletter_id))
    return found


async def programmes_of(session: AsyncSession, newsletter_id: UUID) -> list[Programme]:
    query = (
        select(Programme)
        .join(IssueProgramme, IssueProgramme.programme_id == Programme.id)
        .where(IssueProgramme.newsletter_id == newsletter_id)
        .order_by(Programme.slug)
    )
    return list(await session.scalars(query))


async def audience(
    session: AsyncSession, actor: Actor, programme_ids: Sequence[UUID], newsletter_id: UUID
) -> Audience:
    """Who would get the issue if it were sent now, as far as the actor's offices reach. Two queries."""
    actor.require(Permission.NEWSLETTERS_SEND)
    offices = [str(one) for one in actor.offices]
    wanting = readers(programme_ids, offices)
    lately = _had_one(newsletter_id)
    by_language = await session.execute(
        select(Person.language, func.count()).where(wanting, ~lately).group_by(Person.language)
    )
    left_out = await session.scalar(select(func.count()).select_from(Person).where(wanting, lately))
    return Audience({row[0]: row[1] for row in by_language}, left_out or 0)


def due(programme_ids: Sequence[UUID], offices: Sequence[str], newsletter_id: UUID) -> Any:
    """Those to whom an issue goes now, to narrow a query of people."""
    return and_(readers(programme_ids, offices), ~_had_one(newsletter_id))


def readers(programme_ids: Sequence[UUID], offices: Sequence[str]) -> Any:
    """Those of these programmes, and offices if any are named, who want news and can be written to."""
    takes_part = exists().where(
        Participation.organisation_id == Person.organisation_id,
        Participation.person_id == Person.id,
        Participation.status != Status.LEFT,
        Participation.programme_id.in_(programme_ids),
    )
    if offices:
        takes_part = takes_part.where(Participation.office_id.in_([UUID(one) for one in offices]))
    return and_(Person.is_active, Person.email.is_not(None), takes_part, _agrees())


async def wants_news(session: AsyncSession, person_id: UUID) -> bool:
    """Whether she still wants it: she may have said no since it was written to her."""
    return (
        await session.execute(select(Person.id).where(Person.id == person_id, _agrees()))
    ).first() is not None


async def public(
    session: AsyncSession,
    programme_id: UUID,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 20,
) -> Sequence[Issue]:
    """What stands on a programme's page, the newest first: sent, and not to be taken back any more."""
    query = _public(programme_id).order_by(Issue.due_at.desc(), Issue.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(Issue.due_at, Issue.id) < tuple_(*after))
    return (await session.scalars(query)).all()


async def public_one(session: AsyncSession, programme_id: UUID, newsletter_id: UUID) -> Issue:
    """
    Raises:
        NotFound: it does not stand on this programme's page.
    """
    found: Issue | None = await session.scalar(_public(programme_id).where(Issue.id == newsletter_id))
    if found is None:
        raise NotFound(kind="newsletter", id=str(newsletter_id))
    return found


async def press(session: AsyncSession, programme_id: UUID) -> str:
    """Whom the press may ask; empty where nobody was named."""
    return (await session.scalar(select(NewsPage.press).where(NewsPage.programme_id == programme_id))) or ""


async def presses(session: AsyncSession, programme_ids: Collection[UUID]) -> dict[UUID, str]:
    """The same for each of several programmes, in one query."""
    query = select(NewsPage.programme_id, NewsPage.press).where(NewsPage.programme_id.in_(programme_ids))
    found = {row[0]: row[1] for row in await session.execute(query)}
    return {one: found.get(one, "") for one in programme_ids}


def number_sent(since: datetime, until: datetime) -> Select[Any]:
    """K72: how many were sent in a time."""
    query = select(func.count()).select_from(Issue)
    return query.where(Issue.state == IssueState.SENT, Issue.due_at >= since, Issue.due_at < until)


def _public(programme_id: UUID) -> Any:
    stands = exists().where(
        IssueProgramme.organisation_id == Issue.organisation_id,
        IssueProgramme.newsletter_id == Issue.id,
        IssueProgramme.programme_id == programme_id,
    )
    return select(Issue).where(
        Issue.is_public, Issue.state != IssueState.DRAFT, Issue.due_at <= clock.now(), stands
    )


def _agrees() -> Any:
    return exists().where(
        Consent.organisation_id == Person.organisation_id,
        Consent.person_id == Person.id,
        Consent.purpose == Purpose.NEWS,
        Consent.withdrawn_at.is_(None),
    )


def _had_one(newsletter_id: UUID) -> Any:
    """Whether another issue went to her within the month, or waits to."""
    return exists().where(
        Letter.organisation_id == Person.organisation_id,
        Letter.person_id == Person.id,
        Letter.kind == KIND,
        Letter.state != LetterState.WITHDRAWN,
        Letter.created_at > clock.now() - rules.APART,
        Letter.about["newsletter_id"].astext != str(newsletter_id),
    )
