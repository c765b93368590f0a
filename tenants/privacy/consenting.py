"""What somebody has agreed to, text by text, as she and who works with her may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import language
from infra.errors import Invalid, Problem
from infra.language import gettext as _
from infra.language import isolated
from tenants.actor import Actor
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.privacy import queries
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.registration.consents import TEXTS, ConsentText, Purpose
from tenants.registration.models import Channel, Consent, Participation, Status

# Without this one nothing may be kept at all: whoever takes it back leaves, or has her data deleted.
CARRIES_ALL = Purpose.TAKING_PART


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the log. `recorded_by` is the name of who wrote it down for her, or None."""

    purpose: str
    version: str
    language: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None
    withdrawn_channel: str | None
    recorded_by: str | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """One text, in the reader's language, and what was said to it, the newest first."""

    purpose: Purpose
    title: str
    text: str
    version: str
    log: Sequence[Given]

    @property
    def stands(self) -> bool:
        return any(one.withdrawn_at is None for one in self.log)

    @property
    def is_changeable(self) -> bool:
        return self.purpose is not CARRIES_ALL


async def of_person(session: AsyncSession, actor: Actor, person_id: UUID) -> list[Agreed]:
    """
    Each text that she was asked for in one of her roles, or has ever agreed to.

    Raises:
        NotFound: nobody whom this actor may know of.
    """
    await queries.must_know(session, actor, person_id)
    log = await _log(session, person_id)
    parts = await session.execute(
        select(Participation.role, Programme.name, Programme.languages)
        .join(
            Programme,
            (Programme.organisation_id == Participation.organisation_id)
            & (Programme.id == Participation.programme_id),
        )
        .where(Participation.person_id == person_id, Participation.status != Status.LEFT)
    )
    rows = parts.all()
    roles = {row.role for row in rows}
    names = sorted({text_in(row.name, language.current(), row.languages) for row in rows})
    own = (await organisations.own(session)).name
    facts = {
        "organisation": isolated(own),
        "programme": language.listed([isolated(one) for one in names]) or _("the programme"),
    }
    found = []
    for text in TEXTS:
        said = [one for one in log if one.purpose == text.purpose]
        if said or text.roles & roles:
            found.append(_agreed(text, facts, said))
    return found


def _agreed(text: ConsentText, facts: dict[str, str], said: list[Given]) -> Agreed:
    return Agreed(text.purpose, _(text.title), _(text.text, **facts), text.version, said)


async def _log(session: AsyncSession, person_id: UUID) -> list[Given]:
    recorder = aliased(Person)
    rows = await session.execute(
        select(
            Consent.purpose, Consent.text_version, Consent.language, Consent.channel, Consent.given_at,
            Consent.withdrawn_at, Consent.withdrawn_channel, recorder.full_name,
        )
        .outerjoin(
            recorder,
            (recorder.organisation_id == Consent.organisation_id) & (recorder.id == Consent.recorded_by),
        )
        .where(Consent.person_id == person_id)
        .order_by(Consent.given_at.desc(), Consent.id)
    )  # fmt: skip
    return [Given(*row) for row in rows]


def changeable(code: str) -> Purpose:
    """
    The purpose, if one may say yes or no to it by itself.

    Raises:
        Invalid: no such purpose, or the one that carries all others.
    """
    if code not in {one.value for one in Purpose} or code == CARRIES_ALL:
        raise Invalid(Problem("purpose", "not_a_choice", {"found": code}))
    return Purpose(code)


def told_by(code: str) -> Channel:
    """
    How she has said it to somebody who writes it down.

    Raises:
        Invalid: no such way.
    """
    if code not in (Channel.PHONE, Channel.IN_PERSON, Channel.PAPER):
        raise Invalid(Problem("channel", "not_a_channel", {"found": code}))
    return Channel(code)
