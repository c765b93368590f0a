"""The texts of a programme: its own copy in each language, or those that the house brings along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from infra.errors import Invalid, NotFound, Problem
from infra.language import SOURCE, SUPPORTED, direction
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.programmes.structures import PEER, facts
from tenants.relationships.agreements import rewriting, rules, texts
from tenants.relationships.agreements.events import Event
from tenants.relationships.agreements.models import AgreementSetting, AgreementText, Form

MOST_DAYS = 90
MOST_MONTHS = 12  # K54: at least once a year


@dataclass(frozen=True, slots=True)
class Setting:
    """What a programme has its people agree on, by its setting or by default."""

    form: str = Form.TOOLBOX
    copy_days: int = 21  # K37
    review_months: int = 12  # K54


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands now. `id` is None where the house's own was not signed yet."""

    form: str
    language: str
    number: int
    body: Mapping[str, Any]
    digest: str
    is_shipped: bool
    id: UUID | None = None

    @property
    def direction(self) -> str:
        return direction(self.language)


async def setting(session: AsyncSession, programme_id: UUID) -> Setting:
    """As chosen; by default peers get the text that knows neither mentors nor mentees (C10)."""
    query = (
        select(Programme.structure, AgreementSetting)
        .outerjoin(
            AgreementSetting,
            and_(
                AgreementSetting.organisation_id == Programme.organisation_id,
                AgreementSetting.programme_id == Programme.id,
            ),
        )
        .where(Programme.id == programme_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return Setting()
    found: AgreementSetting | None = row.AgreementSetting
    if found is None:
        return Setting(Form.ANNEX if facts(row.structure).sides == (PEER,) else Form.TOOLBOX)
    return Setting(found.form, found.copy_days, found.review_months)


async def choose(session: AsyncSession, actor: Actor, programme_id: UUID, wanted: Setting) -> Setting:
    """
    Which agreement a programme uses from now on; what has been filled in or signed keeps its own.

    Raises:
        NotFound: no such programme. Invalid: another form, or times that nobody waits.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    await programmes.access_programme(session, actor, programme_id, lock=True)
    problems = []
    if wanted.form not in (Form.TOOLBOX, Form.ANNEX):
        problems.append(Problem("form", "not_a_choice"))
    for name, value, most in (
        ("copy_days", wanted.copy_days, MOST_DAYS),
        ("review_months", wanted.review_months, MOST_MONTHS),
    ):
        if not 1 <= value <= most:
            code, bound = ("too_small", {"minimum": 1}) if value < 1 else ("too_large", {"maximum": most})
            problems.append(Problem(name, code, bound))
    if problems:
        raise Invalid(*problems)
    if wanted == await setting(session, programme_id):
        return wanted
    table = bulk.table(AgreementSetting)
    values = {"form": wanted.form, "copy_days": wanted.copy_days, "review_months": wanted.review_months}
    await session.execute(
        insert(table)
        .values(organisation_id=actor.organisation_id, id=ids.new(), programme_id=programme_id, **values)
        .on_conflict_do_update(index_elements=[table.c.organisation_id, table.c.programme_id], set_=values)
    )
    audit.record(session, actor, Event.SETTING_CHANGED, kind="programme", id=programme_id, form=wanted.form)
    return wanted


async def has_agreement(session: AsyncSession, programme_id: UUID) -> bool:
    """A talk over coffee has none."""
    return facts((await programmes.own_programme(session, programme_id)).structure).has_agreement


async def current(session: AsyncSession, programme_id: UUID, form: str, language: str) -> Text:
    """The text in a language; where neither the programme nor the house writes that one, in the source language."""
    if language not in SUPPORTED:  # what a program sends
        language = SOURCE
    found = await _latest(session, programme_id, form, language)
    if found is not None and not found.is_shipped:
        return of_row(found)
    spoken = language if texts.shipped(form, language) is not None else SOURCE
    if spoken != language:
        found = await _latest(session, programme_id, form, spoken)
        if found is not None and not found.is_shipped:
            return of_row(found)
    body = texts.shipped(form, spoken)
    if body is None:
        raise NotFound(kind="agreement_text", form=form)
    digest = rules.sealed(dict(body))
    if found is not None and found.digest == digest:
        return of_row(found)
    return Text(form, spoken, found.number + 1 if found else 1, body, digest, True)


async def overview(
    session: AsyncSession, programme_id: UUID, languages: Sequence[str]
) -> dict[tuple[str, str], AgreementText | None]:
    """By form and language the row that holds there; None where the words are the house's, or nobody's."""
    latest = (
        select(AgreementText)
        .where(AgreementText.programme_id == programme_id)
        .ext(distinct_on(AgreementText.form, AgreementText.language))
        .order_by(AgreementText.form, AgreementText.language, AgreementText.number.desc())
    )
    rows = {(row.form, row.language): row for row in (await session.execute(latest)).scalars()}
    own = {place: row for place, row in rows.items() if not row.is_shipped}
    return {(form.value, spoken): own.get((form.value, spoken)) for form in Form for spoken in languages}


async def kept(session: AsyncSession, actor: Actor, programme_id: UUID, text: Text) -> UUID:
    """The id of the row that holds these very words, written now if nobody has signed them before."""
    if text.id is not None:
        return text.id
    # Whoever edits the text holds the programme: we wait for her before we write, and she for us, and neither for both.
    await session.execute(
        select(Programme.id).where(Programme.id == programme_id).with_for_update(read=True, key_share=True)
    )
    table = bulk.table(AgreementText)
    await session.execute(
        insert(table)
        .values(
            organisation_id=actor.organisation_id, id=ids.new(), programme_id=programme_id, form=text.form,
            language=text.language, number=text.number, body=dict(text.body), digest=text.digest, is_shipped=True,
        )
        .on_conflict_do_nothing(
            index_elements=[table.c.organisation_id, table.c.programme_id, table.c.form, table.c.language, table.c.number]
        )
    )  # fmt: skip
    found = await _latest(session, programme_id, text.form, text.language)
    if found is None or found.digest != text.digest:
        raise rules.TextOutdated  # the programme has written another text in this moment
    return found.id


async def write(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    form: str,
    language: str,
    given: Mapping[str, Any],
    *,
    seen: str,
) -> Text:
    """
    A programme's own copy of a text in one language: title, intro, and the points of each section by its code.

    It holds for whoever signs from now on. `seen` is the digest of the text that was edited.

    Raises:
        NotFound: no such programme, form or language. ChangedMeanwhile: somebody has written another one since.
        Invalid: nothing written, or too much.
    """
    before = await _edited(session, actor, programme_id, form, language)
    if seen != before.digest:
        raise rules.ChangedMeanwhile
    body = rewriting.rewritten(before.body, given)
    if body == dict(before.body):
        return before
    return await _written(session, actor, programme_id, before, body, is_shipped=False)


async def write_ours(
    session: AsyncSession, actor: Actor, programme_id: UUID, form: str, language: str
) -> Text:
    """
    Go back to the text that the house brings along.

    Raises:
        NotFound: no such programme, form or language, or the house does not write it.
    """
    before = await _edited(session, actor, programme_id, form, language)
    if (body := texts.shipped(form, language)) is None:
        raise NotFound(kind="agreement_text", form=form, language=language)
    if before.is_shipped:
        return before
    return await _written(session, actor, programme_id, before, dict(body), is_shipped=True)


async def versions(
    session: AsyncSession, actor: Actor, programme_id: UUID, form: str, language: str
) -> Sequence[AgreementText]:
    """All that stood here, the newest first."""
    actor.require(Permission.PROGRAMME_READ)
    await programmes.access_programme(session, actor, programme_id)
    query = _of(programme_id, form, language).order_by(AgreementText.number.desc()).limit(50)
    return (await session.execute(query)).scalars().all()


async def _edited(session: AsyncSession, actor: Actor, programme_id: UUID, form: str, language: str) -> Text:
    actor.require(Permission.PROGRAMME_CHANGE)
    await programmes.access_programme(session, actor, programme_id, lock=True)
    if form not in set(Form):
        raise NotFound(kind="agreement_text", form=form)
    found = await current(session, programme_id, form, language)
    if found.language == language:
        return found
    # The first in a language that the house does not write: it begins with the words of the source.
    return Text(form, language, 0, found.body, found.digest, False)


async def _written(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    before: Text,
    body: dict[str, Any],
    *,
    is_shipped: bool,
) -> Text:
    latest = await _latest(session, programme_id, before.form, before.language)
    row = AgreementText(
        organisation_id=actor.organisation_id,
        programme_id=programme_id,
        form=before.form,
        language=before.language,
        number=(latest.number if latest else 0) + 1,
        body=body,
        digest=rules.sealed(body),
        is_shipped=is_shipped,
        written_by=actor.person_id,
    )
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, Event.TEXT_WRITTEN, kind="programme", id=programme_id, form=before.form,
        language=before.language, number=row.number, digest=row.digest,
    )  # fmt: skip
    return of_row(row)


def _of(programme_id: UUID, form: str, language: str) -> Any:
    return select(AgreementText).where(
        AgreementText.programme_id == programme_id,
        AgreementText.form == form,
        AgreementText.language == language,
    )


async def _latest(
    session: AsyncSession, programme_id: UUID, form: str, language: str
) -> AgreementText | None:
    query = _of(programme_id, form, language).order_by(AgreementText.number.desc()).limit(1)
    found: AgreementText | None = (await session.execute(query)).scalar_one_or_none()
    return found


def of_row(row: AgreementText) -> Text:
    return Text(row.form, row.language, row.number, row.body, row.digest, row.is_shipped, row.id)
