"""An organisation writes words of its own for its letters, takes up earlier ones, and looks at them as mail."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.events import Event
from tenants.notifications.letters import Desk
from tenants.notifications.models import Letter
from tenants.notifications.template_models import LetterEdit, LetterTemplate
from tenants.notifications.templates import coverage, looking, rules
from tenants.notifications.templates.coverage import Shown
from tenants.notifications.templates.trial import TRIAL
from tenants.notifications.wording import markup
from tenants.notifications.wording.declared import Source
from tenants.organisations import queries as organisations


async def write(
    session: AsyncSession,
    actor: Actor,
    name: str,
    language: str,
    source: Source,
    *,
    based_on: int,
    desk: Desk,
) -> Shown:
    """
    Put an own text in the place of what this letter says in a language. The same text anew says that it still fits.

    `based_on` is the version that its writer had before her.

    Raises:
        Forbidden, NotFound
        Invalid: the text cannot be one of this letter; each problem says the line and what would mend it.
        TemplateChanged: somebody else has saved since.
    """
    rules.must_edit(actor)
    shown = await coverage.show(session, actor, name, language)
    told = await checked(session, shown, source, desk)
    if told == shown.source and shown.cell.state in (coverage.State.OWN, coverage.State.SHIPPED):
        return shown
    await _add(session, actor, shown, told, based_on)
    audit.record(
        session, actor, Event.TEMPLATE_WRITTEN, kind="letter_template", template=name, language=language,
        version=based_on + 1,
    )  # fmt: skip
    return await coverage.show(session, actor, name, language)


async def restore(
    session: AsyncSession, actor: Actor, name: str, language: str, *, version: int, based_on: int
) -> Shown:
    """
    Take up an earlier version again as the newest one; 0 is the shipped text.

    Raises:
        Forbidden, NotFound
        Invalid: there is no such version.
        TemplateChanged: somebody else has saved since.
    """
    rules.must_edit(actor)
    shown = await coverage.show(session, actor, name, language)
    earlier = {one.number: one.source for one in shown.versions} | {0: None}
    if version not in earlier:
        raise Invalid(Problem("version", "template_unknown_version"))
    await _add(session, actor, shown, earlier[version], based_on)
    audit.record(
        session, actor, Event.TEMPLATE_RESTORED, kind="letter_template", template=name, language=language,
        version=based_on + 1, restored=version,
    )  # fmt: skip
    return await coverage.show(session, actor, name, language)


async def try_out(
    session: AsyncSession, actor: Actor, name: str, language: str, source: Source, desk: Desk
) -> str:
    """
    Send a text, saved or not, to whoever asks, with made-up values. Returns her address.

    Raises:
        Forbidden, NotFound, Invalid
        TrialWithoutAddress, TooManyTrials
    """
    person_id = actor.require_herself()
    shown = await coverage.show(session, actor, name, language)
    told = await checked(session, shown, source, desk)
    sent = select(func.count()).where(
        Letter.person_id == person_id, Letter.kind == TRIAL, Letter.created_at > clock.now() - rules.WITHIN
    )
    if ((await session.scalar(sent)) or 0) >= rules.TRIALS:
        raise rules.TooManyTrials(limit=rules.TRIALS)
    letter_id = await notifications.write(
        session, actor, TRIAL, key=f"{TRIAL}:{ids.new()}", person_id=person_id, template=name
    )
    if letter_id is None:
        raise rules.TrialWithoutAddress
    letter = (await session.execute(select(Letter).where(Letter.id == letter_id))).scalar_one()
    letter.is_edited = True
    session.add(
        LetterEdit(
            organisation_id=actor.organisation_id, letter_id=letter_id, version=1, language=language,
            **_texts(told), **_texts(shown.source, "original_"), written_by=person_id,
        )
    )  # fmt: skip
    audit.record(
        session, actor, Event.TEMPLATE_TRIED, kind="letter_template", template=name, language=language
    )
    return await looking.own_address(session, actor)


async def checked(session: AsyncSession, shown: Shown, source: Source, desk: Desk) -> Source:
    """
    The text, tidied.

    Raises:
        Invalid: it cannot be one of this letter.
    """
    told = markup.tidied(source)
    words = shown.template.words
    hosts = await organisations.hosts(session)
    found = markup.problems(told, fields=words.fields, needs=words.needs, hosts=hosts)
    if not found and not looking.fits(shown.template, shown.cell.language, told, desk):
        found = [Problem("body", "template_too_large")]
    if found:
        raise Invalid(*found)
    return told


async def _add(
    session: AsyncSession, actor: Actor, shown: Shown, source: Source | None, based_on: int
) -> None:
    """A new version after the one that its writer had before her; of two at once, one is told."""
    if based_on != shown.cell.version:
        raise rules.TemplateChanged(version=shown.cell.version)
    table = bulk.table(LetterTemplate)
    made = await session.execute(
        insert(table)
        .values(
            organisation_id=actor.organisation_id, id=ids.new(), created_at=clock.now(), name=shown.template.name,
            language=shown.cell.language, version=based_on + 1, shipped=shown.shipped.digest,
            written_by=actor.person_id, **(_texts(source) if source else {}),
        )
        .on_conflict_do_nothing(
            index_elements=[table.c.organisation_id, table.c.name, table.c.language, table.c.version]
        )
        .returning(table.c.id)
    )  # fmt: skip
    if made.scalar_one_or_none() is None:
        raise rules.TemplateChanged(version=based_on + 1)


def _texts(source: Source, prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}{name}": text for name, text in source._asdict().items()}
