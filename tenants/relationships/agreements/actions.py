"""Filling an agreement in together, signing it, and changing it later."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Update, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships import rules as cases
from tenants.relationships.agreements import queries, rules, tasks, templates
from tenants.relationships.agreements.events import Event
from tenants.relationships.agreements.models import Agreement, AgreementState, Expectation, Signature
from tenants.relationships.agreements.rules import Content, Deed
from tenants.relationships.models import Relationship
from tenants.relationships.queries import Belonging


async def fill(
    session: AsyncSession, actor: Actor, relationship_id: UUID, given: Content, *, seen: int
) -> Agreement:
    """
    Write what they agree on. Any of the people may, also for the others; `seen` is the revision that she had before her.

    Whoever has signed already has signed something else: her signature falls away, and a letter tells her.

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed.
        AgreementClosed: it is in force; `amend` begins a new one. NoAgreement: in this structure people just meet.
        ChangedMeanwhile: another one has written since. Invalid: see `rules.tidied`.
    """
    relationship, mine, people = await _own(session, actor, relationship_id)
    agreement = await queries.latest(session, relationship.id, lock=True)
    if agreement is not None:
        rules.allowed(agreement, Deed.FILL)
    if seen != (agreement.revision if agreement else 0):
        raise rules.ChangedMeanwhile
    content = rules.tidied(given, [one.participation_id for one in people])
    if agreement is None:
        agreement = await _first(session, actor, relationship)
    elif content == await queries.content_of(session, agreement):
        return agreement
    agreement.revision += 1
    agreement.edited_by = mine
    agreement.edited_at = clock.now()
    agreement.ways, agreement.frequency, agreement.aims = list(content.ways), content.frequency, content.aims
    agreement.purposes, agreement.other_purposes = list(content.purposes), content.other_purposes
    await _expect(session, agreement, content)
    await _void(session, actor, agreement, relationship, people, mine)
    audit.record(
        session, actor, Event.FILLED, kind="relationship", id=relationship.id, number=agreement.number,
        revision=agreement.revision,
    )  # fmt: skip
    return agreement


async def sign(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, language: str, digest: str
) -> Agreement:
    """
    Agree to what stands there, in one's own language. `digest` is of what she has read (see `queries.Shown`).

    The last signature puts it in force: the one before it is replaced, all get a letter, the coordinator a task.

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed. AgreementClosed: it is in force already.
        AgreementUnfinished: it does not say what it is for. TextOutdated: it has changed since she read it.
    """
    relationship, mine, people = await _own(session, actor, relationship_id)
    found = await queries.latest(session, relationship.id, lock=True)
    if found is not None and await queries.is_signed_so(session, found.id, mine, digest):
        return found  # a button that was pressed twice
    agreement = rules.allowed(found, Deed.SIGN)
    content = await queries.content_of(session, agreement)
    rules.must_be_finished(content)
    text = await templates.current(session, relationship.programme_id, agreement.form, language)
    if digest != rules.digest(text.body, content, number=agreement.number, salt=agreement.salt):
        raise rules.TextOutdated
    before = {one.participation_id for one in await queries.signed(session, agreement.id)}
    await session.execute(
        _voided(agreement).where(Signature.participation_id == mine)
    )  # the later one counts
    session.add(
        Signature(
            organisation_id=actor.organisation_id,
            agreement_id=agreement.id,
            participation_id=mine,
            text_id=await templates.kept(session, actor, relationship.programme_id, text),
            language=text.language,
            revision=agreement.revision,
            digest=digest,
            by_token=actor.token_id is not None,
            signed_at=clock.now(),
        )
    )
    await session.flush()
    audit.record(
        session, actor, Event.SIGNED, kind="relationship", id=relationship.id, number=agreement.number,
        language=text.language, digest=digest,
    )  # fmt: skip
    missing = [one for one in people if one.participation_id not in before | {mine}]
    if missing:
        await _ask_to_sign(session, actor, agreement, missing)
    else:
        await _put_in_force(session, actor, relationship, agreement, people)
    return agreement


async def amend(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Agreement:
    """
    Begin a new version with the words of the one in force, which holds until all have signed the new one (K52).

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed. AgreementClosed: nothing is in force, or one is begun.
    """
    relationship, mine, _people = await _own(session, actor, relationship_id)
    before = rules.allowed(await queries.latest(session, relationship.id, lock=True), Deed.AMEND)
    content = await queries.content_of(session, before)
    made = await _first(session, actor, relationship, number=await _next_number(session, relationship.id))
    made.edited_by, made.edited_at, made.revision = mine, clock.now(), 1
    made.ways, made.frequency, made.aims = list(content.ways), content.frequency, content.aims
    made.purposes, made.other_purposes = list(content.purposes), content.other_purposes
    await _expect(session, made, content)
    audit.record(session, actor, Event.AMENDED, kind="relationship", id=relationship.id, number=made.number)
    return made


async def drop(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Agreement:
    """
    Leave the agreement as it was: the new version that is being written falls away.

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed.
        AgreementClosed: nothing is being written, or there is none before it.
    """
    relationship, mine, people = await _own(session, actor, relationship_id)
    agreement = rules.allowed(await queries.latest(session, relationship.id, lock=True), Deed.DROP)
    before = await queries.in_force(session, relationship.id)
    if before is None:
        raise rules.AgreementClosed(state=agreement.state, deed=Deed.DROP.value)
    await _void(session, actor, agreement, relationship, people, mine)
    agreement.state = AgreementState.DROPPED
    audit.record(
        session, actor, Event.DROPPED, kind="relationship", id=relationship.id, number=agreement.number
    )
    return before


async def review(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Agreement:
    """
    They have looked at it together and keep it as it is for another while (K54).

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed. AgreementClosed: nothing is in force, or one is begun.
    """
    relationship, _mine, _people = await _own(session, actor, relationship_id)
    agreement = rules.allowed(await queries.latest(session, relationship.id, lock=True), Deed.REVIEW)
    await _set_review(session, relationship, agreement)
    await tasks.settle_review(session, actor, relationship.id)
    audit.record(
        session, actor, Event.REVIEWED, kind="relationship", id=relationship.id, number=agreement.number
    )
    return agreement


async def somebody_left(session: AsyncSession, actor: Actor, relationship: Relationship) -> None:
    """A group goes on without her: if she was the last whose signature was missing, the agreement is in force."""
    agreement = await queries.latest(session, relationship.id, lock=True)
    if agreement is None or agreement.state != AgreementState.DRAFT:
        return
    people = await relationships.people(session, relationship)
    signed = {one.participation_id for one in await queries.signed(session, agreement.id)}
    if all(one.participation_id in signed for one in people):
        await _put_in_force(session, actor, relationship, agreement, people)


async def _own(
    session: AsyncSession, actor: Actor, relationship_id: UUID
) -> tuple[Relationship, UUID, Sequence[Belonging]]:
    """The relationship, locked: two who write or sign at once wait for each other."""
    actor.require(Permission.OWN_CASE)
    actor.require_herself()
    relationship, mine = await relationships.own_relationship(session, actor, relationship_id, lock=True)
    cases.must_be_running(relationship)
    if not await templates.has_agreement(session, relationship.programme_id):
        raise rules.NoAgreement
    return relationship, mine, await relationships.people(session, relationship)


async def _first(
    session: AsyncSession, actor: Actor, relationship: Relationship, *, number: int = 1
) -> Agreement:
    form = (await templates.setting(session, relationship.programme_id)).form
    made = Agreement(
        organisation_id=actor.organisation_id,
        relationship_id=relationship.id,
        number=number,
        form=form,
        revision=0,
        ways=[],
        frequency="",
        aims="",
        purposes=[],
        other_purposes="",
        salt=secrets.token_hex(16),
    )
    session.add(made)
    await session.flush()
    return made


async def _next_number(session: AsyncSession, relationship_id: UUID) -> int:
    """Also after one that was dropped."""
    return await queries.last_number(session, relationship_id) + 1


async def _expect(session: AsyncSession, agreement: Agreement, content: Content) -> None:
    await session.execute(delete(Expectation).where(Expectation.agreement_id == agreement.id))
    session.add_all(
        Expectation(
            organisation_id=agreement.organisation_id,
            agreement_id=agreement.id,
            participation_id=one,
            text=text,
        )
        for one, text in content.expectations.items()
    )
    await session.flush()


async def _void(
    session: AsyncSession,
    actor: Actor,
    agreement: Agreement,
    relationship: Relationship,
    people: Sequence[Belonging],
    mine: UUID,
) -> None:
    rows = await session.execute(_voided(agreement).returning(Signature.participation_id))
    voided = set(rows.scalars())
    for one in people:
        if one.participation_id in voided - {mine}:
            await notifications.write(
                session, actor, "agreement.changed",
                key=f"agreement.changed:{agreement.id}:{agreement.revision}:{one.participation_id}",
                person_id=one.person_id, agreement_id=agreement.id, relationship_id=relationship.id,
            )  # fmt: skip


def _voided(agreement: Agreement) -> Update:
    query = update(Signature).where(Signature.agreement_id == agreement.id, Signature.voided_at.is_(None))
    return query.values(voided_at=clock.now())


async def _ask_to_sign(
    session: AsyncSession, actor: Actor, agreement: Agreement, missing: Sequence[Belonging]
) -> None:
    for one in missing:
        await notifications.write(
            session, actor, "agreement.to_sign",
            key=f"agreement.to_sign:{agreement.id}:{agreement.revision}:{one.participation_id}",
            person_id=one.person_id, agreement_id=agreement.id, relationship_id=agreement.relationship_id,
        )  # fmt: skip


async def _put_in_force(
    session: AsyncSession,
    actor: Actor,
    relationship: Relationship,
    agreement: Agreement,
    people: Sequence[Belonging],
) -> None:
    before = await queries.in_force(session, relationship.id)
    if before is not None:
        before.state = AgreementState.REPLACED
        before.review_on = None
    await tasks.settle_review(session, actor, relationship.id)
    agreement.state = AgreementState.IN_FORCE
    agreement.signed_at = clock.now()
    await _set_review(session, relationship, agreement)
    await tasks.tell_signed(session, actor, relationship, agreement)
    for one in people:
        await notifications.write(
            session, actor, "agreement.signed", key=f"agreement.signed:{agreement.id}:{one.participation_id}",
            person_id=one.person_id, agreement_id=agreement.id, relationship_id=relationship.id,
        )  # fmt: skip
    audit.record(
        session, actor, Event.IN_FORCE, kind="relationship", id=relationship.id, number=agreement.number
    )


async def _set_review(session: AsyncSession, relationship: Relationship, agreement: Agreement) -> None:
    months = (await templates.setting(session, relationship.programme_id)).review_months
    today = clock.today((await organisations.own(session)).time_zone)
    agreement.review_on = cases.months_after(today, months)
