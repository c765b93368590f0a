"""Writing an issue, sending it once, taking it back within ten minutes, and showing it on a page."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, Problem
from infra.outbox import enqueue, withdraw
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.newsletters import queries, rules
from tenants.newsletters.events import Event
from tenants.newsletters.jobs import SendIssue
from tenants.newsletters.models import Issue, IssueProgramme, IssueState, NewsPage
from tenants.newsletters.rules import Words
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes


async def begin(
    session: AsyncSession,
    actor: Actor,
    *,
    texts: Mapping[str, Words],
    programme_ids: Sequence[UUID],
    is_public: bool = False,
    once: UUID | None = None,
) -> Issue:
    """
    Write a new issue, which goes to nobody yet. The form `once` begins one, however often it comes.

    Raises:
        NotFound: no such programme. Invalid: nothing is written in any language, too much, or for nobody.
    """
    actor.require(Permission.NEWSLETTERS_SEND)
    if once is not None:
        await session.execute(select(bulk.alone(once)))
        before: Issue | None = await session.scalar(select(Issue).where(Issue.id == once))
        if before is not None:
            return before
    made = Issue(
        organisation_id=actor.organisation_id, id=once or ids.new(), texts=await _texts(session, {}, texts),
        state=IssueState.DRAFT, is_public=is_public, written_by=actor.require_person(), offices=[], version=1,
    )  # fmt: skip
    chosen = await _chosen(session, actor, programme_ids)
    session.add(made)
    await session.flush()
    _put_before(session, actor, made.id, chosen)
    audit.record(session, actor, Event.WRITTEN, kind="newsletter", id=made.id)
    return made


async def write(
    session: AsyncSession,
    actor: Actor,
    newsletter_id: UUID,
    *,
    texts: Mapping[str, Words],
    programme_ids: Sequence[UUID],
    is_public: bool,
    seen: int,
) -> Issue:
    """
    Write on at an issue; languages that `texts` does not name stay as they are. `seen` is the version that was changed.

    Raises:
        NotFound. ForWholeOrganisation: somebody else's. Invalid: as for `begin`. IssueSent. IssueChanged: somebody was
        quicker.
    """
    one = await _own(session, actor, newsletter_id)
    rules.must_be_draft(one)
    if one.version != seen:
        raise rules.IssueChanged(version=one.version)
    chosen = await _chosen(session, actor, programme_ids)
    one.texts = await _texts(session, one.texts, texts)
    one.is_public = is_public
    one.version += 1
    await session.execute(delete(IssueProgramme).where(IssueProgramme.newsletter_id == one.id))
    _put_before(session, actor, one.id, chosen)
    audit.record(session, actor, Event.WRITTEN, kind="newsletter", id=one.id)
    return one


async def send(session: AsyncSession, actor: Actor, newsletter_id: UUID, *, seen: int) -> Issue:
    """
    Send an issue to those who want news and take part in its programmes, as far as the actor's offices reach. It goes in
    ten minutes, to those who want it then. Sent twice, it goes once.

    Raises:
        NotFound. ForWholeOrganisation: somebody else's. IssueChanged: she has not seen what would go. NobodyWantsNews.
    """
    actor.require_herself()
    one = await _own(session, actor, newsletter_id)
    if one.state != IssueState.DRAFT:
        return one
    if one.version != seen:
        raise rules.IssueChanged(version=one.version)
    chosen = [programme.id for programme in await queries.programmes_of(session, one.id)]
    found = await queries.audience(session, actor, chosen, one.id)
    if not found.number:
        raise rules.NobodyWantsNews
    one.state, one.due_at = IssueState.HELD, clock.now() + rules.HELD
    one.sent_by, one.offices = actor.require_person(), sorted(str(office) for office in actor.offices)
    one.version += 1
    # A new key each time, as what was withdrawn under the old one stays withdrawn.
    await enqueue(session, SendIssue(newsletter_id=one.id), key=_key(one), due_at=one.due_at)
    audit.record(session, actor, Event.HELD, kind="newsletter", id=one.id, number=found.number)
    return one


async def take_back(session: AsyncSession, actor: Actor, newsletter_id: UUID) -> Issue:
    """
    Keep an issue from going, within ten minutes. It is a draft again.

    Raises:
        NotFound. ForWholeOrganisation: somebody else's. IssueNotHeld: it has gone, or was never sent.
    """
    one = await _own(session, actor, newsletter_id)
    if one.state != IssueState.HELD or one.due_at is None or one.due_at <= clock.now():
        raise rules.IssueNotHeld(state=one.state)
    await withdraw(session, key=_key(one))
    one.state, one.due_at, one.sent_by, one.offices = IssueState.DRAFT, None, None, []
    one.version += 1
    audit.record(session, actor, Event.TAKEN_BACK, kind="newsletter", id=one.id)
    return one


async def show(session: AsyncSession, actor: Actor, newsletter_id: UUID, *, is_public: bool) -> Issue:
    """
    Put an issue on the public page of its programmes, or take it from there, also after it was sent.

    Raises:
        NotFound. ForWholeOrganisation: somebody else's.
    """
    one = await _own(session, actor, newsletter_id)
    if one.is_public != is_public:
        one.is_public = is_public
        if one.state == IssueState.DRAFT:
            one.version += 1
        audit.record(session, actor, Event.SHOWN, kind="newsletter", id=one.id, is_public=is_public)
    return one


async def throw_away(session: AsyncSession, actor: Actor, newsletter_id: UUID) -> None:
    """
    Delete a draft.

    Raises:
        NotFound. ForWholeOrganisation: somebody else's. IssueSent: what was sent stays.
    """
    one = await _own(session, actor, newsletter_id)
    rules.must_be_draft(one)
    await session.delete(one)
    audit.record(session, actor, Event.DELETED, kind="newsletter", id=newsletter_id)


async def set_press(session: AsyncSession, actor: Actor, programme_id: UUID, press: str) -> str:
    """
    Say whom the press may ask about a programme; empty says nothing any more.

    Raises:
        ForWholeOrganisation: she works for some offices, and the programme is everybody's.
        NotFound: no such programme. Invalid: too long.
    """
    actor.require(Permission.NEWSLETTERS_SEND)
    actor.require_keeper(None)
    programme = await programmes.access_programme(session, actor, programme_id)
    line = " ".join(press.split())
    if len(line) > rules.MAX_PRESS:
        raise Invalid(Problem("press", "too_long", {"maximum": rules.MAX_PRESS}))
    table = bulk.table(NewsPage)
    if line:
        await session.execute(
            insert(table)
            .values(
                organisation_id=actor.organisation_id, id=ids.new(), programme_id=programme.id, press=line
            )
            .on_conflict_do_update(
                index_elements=[table.c.organisation_id, table.c.programme_id], set_={"press": line}
            )
        )
    else:
        await session.execute(delete(NewsPage).where(NewsPage.programme_id == programme.id))
    audit.record(session, actor, Event.PRESS_SET, kind="programme", id=programme.id)
    return line


async def _own(session: AsyncSession, actor: Actor, newsletter_id: UUID) -> Issue:
    """To change it: who works for some offices may do that with what she has written herself."""
    one = await queries.access(session, actor, newsletter_id, lock=True)
    actor.require_keeper(one.written_by)
    return one


def _key(one: Issue) -> str:
    """Of the job of this sending: the version stays while it is held."""
    return f"newsletter:{one.id}:{one.version}"


async def _texts(
    session: AsyncSession, before: Mapping[str, object], texts: Mapping[str, Words]
) -> dict[str, object]:
    languages = (await organisations.own(session)).languages
    made = dict(before)
    for code, words in texts.items():
        if code not in languages:
            raise Invalid(Problem("language", "not_a_choice", {"found": code}))
        clean = rules.tidied(words)
        if clean is None:
            made.pop(code, None)
        else:
            made[code] = clean.stored()
    if not made:
        raise Invalid(Problem("subject", "missing"))
    return made


async def _chosen(session: AsyncSession, actor: Actor, programme_ids: Sequence[UUID]) -> list[UUID]:
    if not programme_ids:
        raise Invalid(Problem("programmes", "missing"))
    return [
        (await programmes.access_programme(session, actor, one)).id for one in dict.fromkeys(programme_ids)
    ]


def _put_before(
    session: AsyncSession, actor: Actor, newsletter_id: UUID, programme_ids: Sequence[UUID]
) -> None:
    session.add_all(
        IssueProgramme(organisation_id=actor.organisation_id, newsletter_id=newsletter_id, programme_id=one)
        for one in programme_ids
    )
