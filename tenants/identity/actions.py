"""Asking for a link, letting somebody work here, and shutting out who has left."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto.links import LinkSigner
from infra.errors import Forbidden, Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import rules, sessions
from tenants.identity.events import Event
from tenants.identity.models import AddressChange, ApiToken, SignInLink
from tenants.identity.provider_models import Visit
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.people import rules as people_rules
from tenants.people.models import Person
from tenants.permissions import Permission, Role

SIGN_IN_LETTER = "identity.sign_in"
ADDRESS_LETTER = "identity.address_changed"
WELCOME_LETTER = "identity.welcome"


async def ask_link(
    session: AsyncSession, actor: Actor, *, email: str, browser_digest: bytes, language: str
) -> UUID:
    """
    Ask for a letter with a link and a code. The id of the request is random.

    Nobody can tell by the answer or its time whether the address is known: it
    is looked up only when the letter is written.

    Raises:
        Invalid: this is no address.
    """
    address = people_rules.address(email)
    link = SignInLink(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        email=address,
        browser_digest=browser_digest,
        expires_at=clock.now() + rules.LINK_LASTS,
        wrong_codes=0,
    )
    session.add(link)
    await session.flush()
    await notifications.write(
        session,
        actor,
        SIGN_IN_LETTER,
        key=f"{SIGN_IN_LETTER}:{link.id}",
        to_email=address,
        language=language,
        link_id=link.id,
    )
    audit.record(session, actor, Event.LINK_ASKED, kind="sign_in_link", id=link.id)
    return link.id


async def sign_in_link_for(
    session: AsyncSession,
    actor: Actor,
    person_id: UUID,
    links: LinkSigner,
    *,
    lasts: timedelta = rules.LINK_LASTS,
) -> str:
    """
    The path of a link that the house itself hands to somebody (the demo, a first owner). It opens once.

    Raises:
        Forbidden: only the house makes links that no letter carries.
        NotFound: no such person.
    """
    _must_be_house(actor)
    person = await people_queries.access_person(session, actor, person_id)
    link = SignInLink(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        person_id=person.id,
        expires_at=clock.now() + lasts,
        wrong_codes=0,
    )
    session.add(link)
    await session.flush()
    audit.record(session, actor, Event.LINK_ASKED, kind="sign_in_link", id=link.id)
    return f"/link/{links.token(rules.PURPOSE, actor.organisation_id, link.id)}"


async def invite(
    session: AsyncSession,
    actor: Actor,
    *,
    full_name: str,
    email: str,
    role: Role,
    office_id: UUID | None,
    language: str,
    time_zone: str,
) -> Person:
    """
    Give a role to whoever lives at an address, and tell her how to sign in.

    She joins if she is not here yet, and comes back if she had left.

    Raises:
        StepUpNeeded: she has proved too long ago who she is.
        as `people.join` and `people.grant_role`.
    """
    actor.require(Permission.ROLES_GRANT)
    actor.require_fresh_session(clock.now())
    _must_be_of_members(role)
    person = await people_queries.find_by_email(session, people_rules.address(email))
    if person is None:
        person = await people.join(
            session, actor, full_name=full_name, email=email, language=language, time_zone=time_zone
        )
    elif not person.is_active:
        await people.set_active(session, actor, person.id, is_active=True)
    return await give_role(session, actor, person.id, role, office_id=office_id)


async def give_role(
    session: AsyncSession, actor: Actor, person_id: UUID, role: Role, *, office_id: UUID | None
) -> Person:
    """
    Give a role to somebody who is here, and tell her how to sign in. Nothing, and no letter, if she holds it.

    Raises:
        StepUpNeeded: she has proved too long ago who she is.
        Invalid: one becomes a participant by registering, not this way.
        as `people.grant_role`.
    """
    actor.require(Permission.ROLES_GRANT)
    actor.require_fresh_session(clock.now())
    _must_be_of_members(role)
    grant = await people.grant_role(session, actor, person_id, role, office_id=office_id)
    await notifications.write(
        session, actor, WELCOME_LETTER, key=f"{WELCOME_LETTER}:{grant.id}", person_id=person_id, role=role
    )
    return await people_queries.access_person(session, actor, person_id)


def _must_be_of_members(role: Role) -> None:
    if role is Role.PARTICIPANT:
        raise Invalid(Problem("role", "not_a_choice"))


async def change_address(session: AsyncSession, actor: Actor, person_id: UUID, *, email: str) -> Person:
    """
    Give somebody another e-mail address: her sessions end, and the old address is told.

    Raises:
        StepUpNeeded: it lets in somebody who runs the organisation, or herself.
        as `people.change_address`.
    """
    held = {role for role, _office in await people_queries.grants(session, person_id)}
    if person_id == actor.person_id or held - {Role.PARTICIPANT}:
        actor.require_fresh_session(clock.now())
    before = (await people_queries.access_person(session, actor, person_id)).email
    person = await people.change_address(session, actor, person_id, email)
    await tell_of_address(session, actor, person, before)
    return person


async def tell_of_address(session: AsyncSession, actor: Actor, person: Person, before: str | None) -> None:
    """What follows a change of address: her sessions end, and the old address is told."""
    if person.email == before:
        return
    await sessions.end_every(session, actor, person.id)
    audit.record(session, actor, Event.ADDRESS_CHANGED, kind="person", id=person.id)
    if before is not None:
        await notifications.write(
            session,
            actor,
            ADDRESS_LETTER,
            key=f"{ADDRESS_LETTER}:{ids.new()}",
            to_email=before,
            language=person.language,
            person_id_changed=person.id,
        )


async def deactivate(session: AsyncSession, actor: Actor, person_id: UUID) -> Person:
    """
    Let somebody leave: from this moment no session, token or link of hers opens anything.

    Raises:
        as `people.set_active`.
    """
    person = await people.set_active(session, actor, person_id, is_active=False)
    await sessions.end_every(session, actor, person_id)
    now = clock.now()
    await session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.ended_at.is_(None))
        .values(ended_at=now)
    )
    # A comparison with no address at all would find the links of everybody whom the house has handed one.
    whose = or_(SignInLink.person_id == person_id, SignInLink.email == (person.email or ""))
    await session.execute(update(SignInLink).where(whose, SignInLink.used_at.is_(None)).values(used_at=now))
    await _call_off(session, person_id)
    return person


async def _call_off(session: AsyncSession, person_id: UUID) -> None:
    """What she had begun and what waits to be sent to her: she may be back before it is over, and it must not be."""
    now = clock.now()
    await session.execute(
        update(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.closed_at.is_(None))
        .values(closed_at=now)
    )
    await session.execute(
        update(Visit).where(Visit.person_id == person_id, Visit.used_at.is_(None)).values(used_at=now)
    )
    waiting = (Letter.person_id == person_id) & (Letter.state == LetterState.WAITING)
    keys = list((await session.scalars(select(Letter.key).where(waiting))).all())
    if keys:
        await notifications.withdraw_letters(session, keys=keys)


def _must_be_house(actor: Actor) -> None:
    if actor.kind != "house":
        raise Forbidden(permission="house")
