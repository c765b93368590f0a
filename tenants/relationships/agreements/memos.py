"""The memo of ten points: read, and kept that it was, with the day and the language (K58)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.programmes.structures import facts
from tenants.registration.models import ParticipantRole, Participation, Status
from tenants.relationships.agreements import rules, templates
from tenants.relationships.agreements.events import Event
from tenants.relationships.agreements.models import AgreementText, Form, MemoRead
from tenants.relationships.agreements.templates import Text

_FORMS = {ParticipantRole.MENTOR: Form.MEMO_MENTOR, ParticipantRole.MENTEE: Form.MEMO_MENTEE}


@dataclass(frozen=True, slots=True)
class Memo:
    """What somebody is to remember of one programme. `read_at` and `read_in` are of when she last said that she had read one."""

    participation: Participation
    programme: Programme
    text: Text
    read_at: datetime | None = None
    read_in: str = ""


def form_of(role: str) -> Form | None:
    """Peers are both at once, and have none."""
    return _FORMS.get(ParticipantRole(role))


async def own(session: AsyncSession, actor: Actor, language: str) -> list[Memo]:
    """One for each of her participations that has one, in her language."""
    actor.require(Permission.OWN_CASE)
    query = (
        select(Participation, Programme)
        .join(
            Programme,
            (Programme.organisation_id == Participation.organisation_id)
            & (Programme.id == Participation.programme_id),
        )
        .where(Participation.person_id == actor.require_person(), Participation.status != Status.LEFT)
        .order_by(Participation.created_at.desc(), Participation.id)
    )
    rows = (await session.execute(query)).all()
    read = await _read(session, [row.Participation.id for row in rows])
    found = []
    for row in rows:
        form = form_of(row.Participation.role)
        if form is None or not facts(row.Programme.structure).has_agreement:
            continue
        text = await templates.current(session, row.Programme.id, form, language)
        at, spoken = read.get(row.Participation.id, (None, ""))
        found.append(Memo(row.Participation, row.Programme, text, at, spoken))
    return found


async def acknowledge(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, language: str, digest: str
) -> Memo:
    """
    Keep that she has read it, in this language. Once is enough; after a change of the text she may again.

    Raises:
        NotFound: none of hers, or no memo for her part. TextOutdated: it has changed since she read it.
    """
    actor.require_herself()
    memo = next(
        (one for one in await own(session, actor, language) if one.participation.id == participation_id), None
    )
    if memo is None:
        raise NotFound(kind="participation", id=str(participation_id))
    if digest != memo.text.digest:
        raise rules.TextOutdated
    text_id = await templates.kept(session, actor, memo.participation.programme_id, memo.text)
    table = bulk.table(MemoRead)
    first = await session.scalar(  # of a button that was pressed twice, one
        insert(table)
        .values(
            organisation_id=actor.organisation_id,
            id=ids.new(),
            participation_id=participation_id,
            text_id=text_id,
            read_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )
    if first is not None:
        audit.record(
            session, actor, Event.MEMO_READ, kind="participation", id=participation_id,
            language=memo.text.language, digest=digest,
        )  # fmt: skip
    at, spoken = (await _read(session, [participation_id]))[participation_id]
    return Memo(memo.participation, memo.programme, memo.text, at, spoken)


async def read_by(
    session: AsyncSession, participation_ids: Sequence[UUID]
) -> dict[UUID, tuple[datetime, str]]:
    """When and in which language each has last read hers; for whoever has access to the case."""
    return await _read(session, participation_ids)


async def _read(session: AsyncSession, participation_ids: Sequence[UUID]) -> dict[UUID, tuple[datetime, str]]:
    rows = await session.execute(
        select(MemoRead.participation_id, MemoRead.read_at, AgreementText.language)
        .join(
            AgreementText,
            (AgreementText.organisation_id == MemoRead.organisation_id)
            & (AgreementText.id == MemoRead.text_id),
        )
        .where(bulk.any_of(MemoRead.participation_id, participation_ids))
        .order_by(MemoRead.read_at)
    )
    return {row[0]: (row[1], row[2]) for row in rows}
