"""
An organisation full of everything: each table of the house has rows of it, made by the actions that users use.

Two such worlds side by side are what the tests of isolation ask about; one of
them is what the tests that open every page look at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from infra import clock, ids
from infra.db.base import metadata
from infra.ground import Ground
from infra.outbox.models import JobState, OutboxJob
from tenants import watchers
from tenants.actor import Actor, person, visitor
from tenants.audit.actions import take_checkpoint
from tenants.identity import actions as identity
from tenants.identity import own_address, sessions, tokens
from tenants.identity.provider_models import Account, IdentityProvider, LogoutToken, Visit
from tenants.identity.rules import digest
from tenants.notifications import concerns
from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.programmes.actions import Launched
from tenants.programmes.models import ContactRelease, ProgrammeRole
from tenants.proposals import actions as proposals
from tenants.proposals import answering
from tenants.proposals.models import AskedFor, Hold, Proposal, WishKind
from tenants.proposals.runs import actions as runs
from tenants.proposals.runs import wishing
from tenants.provisioning import actions as provisioning
from tenants.provisioning import groups as directory_groups
from tenants.provisioning.rules import ToldGroup, ToldUser
from tenants.registration import actions as registration
from tenants.registration import forms, signing_up
from tenants.registration.importing import actions as importing
from tenants.registration.models import Participation, Registration, Status
from tenants.relationships import actions as relationships
from tenants.relationships import meeting, queries
from tests import making
from tests.making import Made
from tests.working import drain

assert watchers.WATCHERS  # importing them is what keeps the cards up to date

# Where the links of letters lead; what stands behind is a signed token.
LINKS = ("/link/", "/confirm/", "/apply/resume/", "/answer/", "/address/")
NUMBERS = ("matching.", "import.", "roster.")  # letters wait in the outbox, to be seen there
PARTS = 6
PAIRS = ("confirmed", "meeting", "open", "draft", "declined")


@dataclass
class World:
    """
    `people` are actors by what is special about them, `secrets` their sessions, `rows` the ids in each table.

    `links` are the tokens of letters by the beginning of their address, `parts` some people with what they take part in.
    """

    made: Made
    launched: Launched
    slug: str
    people: dict[str, Actor] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[UUID]] = field(default_factory=dict)
    parts: list[tuple[UUID, UUID]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)  # of people who have not signed in
    token: str = ""
    confirmed: UUID = field(default_factory=ids.new)  # the proposal that has become a pair

    @property
    def id(self) -> UUID:
        return self.made.id

    @property
    def host(self) -> str:
        return self.made.host


async def make(ground: Ground, *, slug: str) -> World:
    """A full organisation; every person in `people` has signed in."""
    made = await making.organisation(ground.database)
    await _describe(ground, made)
    launched = await making.programme(
        ground.database, made, slug=slug, contact_release=ContactRelease.AFTER_BOTH_YES
    )
    world = World(made, launched, slug)
    world.people |= {"owner": made.owner, "coordinator": made.coordinator}
    world.people["manager"] = await making.somebody(
        ground.database, made.id, Role.PROGRAMME_MANAGER, name="Mira Manager"
    )
    # Whose token may ask for everything: each route is tried with a permission that opens it.
    world.people["everything"] = await making.somebody(
        ground.database, made.id, Role.OWNER, Role.PROGRAMME_MANAGER, name="Eva Evers"
    )
    world.people["it"] = await making.somebody(
        ground.database, made.id, Role.IT_CONTACT, name="Ida Technician"
    )
    await _match(ground, world)
    await _settle(ground, world)
    await _import(ground, world)
    await _register(ground, world)
    await _sign_in(ground, world)
    await _jobs(ground, world)
    await _accounts(ground, world)
    await read_rows(ground, world)
    return world


async def _accounts(ground: Ground, world: World) -> None:
    """A provider to sign in at, which nobody answers for, an account there, somebody on her way, a logout; a checkpoint."""
    async with ground.database.tenant_session(world.made.house.context()) as session:
        provider = IdentityProvider(
            organisation_id=world.id, id=ids.random(), name="Konto", kind="other",
            issuer="http://127.0.0.1:1/realm", client_id=f"client-{world.slug}", domains=[], state="open",
            tried_at=clock.now(),
        )  # fmt: skip
        session.add(provider)
        await session.flush()
        her = world.people["coordinator"].person_id
        own = {"organisation_id": world.id, "provider_id": provider.id}
        session.add_all(
            [
                Account(**own, issuer=provider.issuer, subject="someone", person_id=her),
                Visit(
                    **own, id=ids.random(), purpose="sign_in", state_digest=digest("state"), nonce="n", verifier="v",
                    browser_digest=digest("browser"), after="", expires_at=clock.now() + timedelta(hours=1),
                ),
                LogoutToken(**own, jti_digest=digest("jti")),
            ]
        )  # fmt: skip
        await _told_of(session, world)
    async with ground.database.tenant_session(world.made.house.context()) as session:
        await take_checkpoint(session, world.made.house, ground.keyring.note_signer())


async def _told_of(session: Any, world: World) -> None:
    """Two whom a directory has told of, and the group in which they are."""
    owner = world.made.owner
    users = [
        await provisioning.enter(
            session, owner, ToldUser(f"{name}.{world.slug}@example.org", name, True, {"displayName": name})
        )
        for name in ("dara", "dina")
    ]
    members = frozenset(str(one) for one in users)
    await directory_groups.enter(session, owner, ToldGroup(f"Staff {world.slug}", None, members))


async def read_rows(ground: Ground, world: World) -> None:
    """Look anew what there is, newest last."""
    world.rows = {}
    async with ground.database.tenant_session(world.made.house.context()) as session:
        for table in tenant_tables():
            if "id" in table.c:
                found = await session.execute(select(table.c.id).order_by(table.c.created_at, table.c.id))
                world.rows[table.name] = list(found.scalars())
        parts = select(Participation.person_id, Participation.id).order_by(Participation.id).limit(PARTS)
        world.parts = [(person_id, id) for person_id, id in await session.execute(parts)]


def tenant_tables() -> list[Any]:
    return [table for table in metadata.sorted_tables if table.info.get("tenant")]


async def _describe(ground: Ground, made: Made) -> None:
    async with ground.database.tenant_session(made.owner.context()) as session:
        await organisations.change(
            session,
            made.owner,
            contact_name="Hana Helper",
            contact_email="help@example.org",
            contact_phone="+387 33 555 014",
        )
        await organisations.open_office(session, made.owner, name="Sarajevo", time_zone="Europe/Sarajevo")
        await organisations.open_office(session, made.owner, name="Mostar", time_zone="Europe/Sarajevo")


async def _join(ground: Ground, world: World, role: str, name: str, **others: Any) -> Participation:
    """Somebody who can be matched."""
    entered = await making.participation(
        ground.database, world.made, world.launched, role, name=name, **others
    )
    by = world.made.coordinator
    async with ground.database.tenant_session(by.context()) as session:
        await registration.record_interview_held(session, by, entered.id, on=clock.today("UTC"))
        await registration.make_ready(session, by, entered.id)
    return entered


async def _register_again(ground: Ground, world: World, entered: Participation) -> None:
    """She leaves and registers once more: what she had said is kept beside what she says now."""
    by = world.made.coordinator
    async with ground.database.tenant_session(by.context()) as session:
        await registration.leave(session, by, entered.id)
        email = await session.scalar(select(Person.email).where(Person.id == entered.person_id))
    await making.participation(ground.database, world.made, world.launched, name="Nora Nguyen", email=email)


def _as_participant(world: World, person_id: UUID) -> Actor:
    return person(world.id, person_id, frozenset({Role.PARTICIPANT}), language="en")


async def _match(ground: Ground, world: World) -> None:
    """A run with a proposal in each state, as its people have answered, and somebody whom nobody can be found for."""
    for at in range(len(PAIRS)):
        await _join(ground, world, "mentor", f"Zdenka Horvat {at}", capacity=1)
        await _join(ground, world, "mentee", f"Wanjiru Kamau {at}")
    alone = await _join(ground, world, "mentee", "Sokha Chan", languages=[{"code": "km", "level": 4}])
    newly = await making.participation(ground.database, world.made, world.launched, name="Nora Nguyen")
    await _register_again(ground, world, newly)
    world.people["unmatched_mentee"] = _as_participant(world, alone.person_id)
    world.people["registered_mentee"] = _as_participant(world, newly.person_id)
    by = world.made.coordinator
    async with ground.database.tenant_session(by.context()) as session:
        run = await runs.start_run(session, by, world.launched.cycle.id)
    await drain(ground, world.id, kinds=NUMBERS)
    drafts = await _send(ground, world, run.id)
    await _answer(ground, world, drafts["declined"], AskedFor.MEET, ("declined_mentor", False))
    for name in ("meeting", "confirmed"):
        yes = ((f"{name}_mentor", True), (f"{name}_mentee", True))
        await _answer(ground, world, drafts[name], AskedFor.MEET, *yes)
    for name in ("confirmed_mentor", "confirmed_mentee"):
        await _answer(ground, world, drafts["confirmed"], AskedFor.GO_ON, (name, True))


async def _send(ground: Ground, world: World, run_id: UUID) -> dict[str, UUID]:
    """Approve the proposals but one; `people` knows their two by what is to become of them."""
    by = world.made.coordinator
    drafts: dict[str, UUID] = {}
    async with ground.database.tenant_session(by.context()) as session:
        found = select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.id)
        for name, proposal in zip(PAIRS, (await session.execute(found)).scalars(), strict=True):
            drafts[name] = proposal.id
            for role, id in (("mentor", proposal.mentor_id), ("mentee", proposal.mentee_id)):
                person_id = await session.scalar(
                    select(Participation.person_id).where(Participation.id == id)
                )
                assert person_id
                world.people[f"{name}_{role}"] = _as_participant(world, person_id)
        sent = [drafts[name] for name in PAIRS if name != "draft"]
        world.confirmed = drafts["confirmed"]
        await proposals.approve(session, by, run_id, sent)
        # An hour ago, so that the ten minutes are over in which nobody has been told yet.
        earlier = (
            update(Proposal).where(Proposal.id.in_(sent)).values(sent_at=clock.now() - timedelta(hours=1))
        )
        await session.execute(earlier)
        held = select(Hold.id).where(Hold.proposal_id == drafts["open"]).order_by(Hold.id).limit(1)
        hold_id = (await session.execute(held)).scalar_one()
        world.links["/answer/"] = ground.links.token(answering.PURPOSE, world.id, hold_id)
        session.add(
            ProgrammeRole(
                organisation_id=world.id, programme_id=world.launched.programme.id,
                person_id=world.people["manager"].person_id, role=Role.PROGRAMME_MANAGER,
            )
        )  # fmt: skip
        waiting = select(Participation.id).where(
            Participation.status == Status.READY, Participation.role == "mentor"
        )
        mentor_id = (await session.execute(waiting.limit(1))).scalar_one()
        mentee_id = await session.scalar(
            select(Participation.id).where(
                Participation.person_id == world.people["unmatched_mentee"].person_id
            )
        )
        assert mentee_id
        await wishing.wish(
            session,
            by,
            world.launched.cycle.id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            kind=WishKind.FORBID,
        )
    return drafts


async def _answer(
    ground: Ground, world: World, proposal_id: UUID, asked: AskedFor, *said: tuple[str, bool]
) -> None:
    for name, is_yes in said:
        actor = world.people[name]
        async with ground.database.tenant_session(actor.context()) as session:
            await relationships.answer(
                session, actor, proposal_id, asked, is_yes=is_yes, reason=None if is_yes else "No time now."
            )


async def _settle(ground: Ground, world: World) -> None:
    """A life for the pair: meetings, a concern; and a token for its programs."""
    mentor, mentee = world.people["confirmed_mentor"], world.people["confirmed_mentee"]
    day = clock.today("UTC") + timedelta(days=7)
    async with ground.database.tenant_session(mentor.context()) as session:
        relationship = await queries.of_proposal(session, world.confirmed)
        assert relationship is not None
        relationship_id = relationship.id
        offered = await meeting.propose(
            session, mentor, relationship_id, zone="UTC", place="Café Tito",
            wall_times=[f"{day}T10:00", f"{day}T12:00"],
        )  # fmt: skip
    async with ground.database.tenant_session(mentee.context()) as session:
        await meeting.agree(session, mentee, offered[0].id)
        await concerns.tell(
            session, mentee, text="She asked me for money.", readers=[world.people["coordinator"].person_id]
        )
        await meeting.propose(session, mentee, relationship_id, zone="UTC", wall_times=[f"{day}T17:00"])
    async with ground.database.tenant_session(mentor.context()) as session:
        change = await own_address.ask(session, mentor, email="zdenka.nova@example.org")
        world.links["/address/"] = ground.links.token(own_address.PURPOSE, world.id, change.id)
    maker = world.people["everything"]
    async with ground.database.tenant_session(maker.context()) as session:
        everything = [one.value for one in Permission]
        made = await tokens.make(session, maker, name="Our HR system", permissions=everything)
    world.token = made.secret


async def _import(ground: Ground, world: World) -> None:
    """A roster of three rows, read and not yet decided upon; and one that was imported, whose mapping is remembered."""
    coordinator = world.people["coordinator"]
    for name, people in (("done.csv", "Rosa Roster"), ("roster.csv", "Carla Column")):
        lines = [
            f"{people} {n},{people.split()[0].lower()}{n}@example.org,mentee,English,P3" for n in range(3)
        ]
        content = "\n".join(
            ["Name,Email,Role,Languages,Grade", *lines, "Nobody,no address,mentee,,"]
        ).encode()
        async with ground.database.tenant_session(coordinator.context()) as session:
            roster = await importing.upload(
                session, coordinator, cycle_id=world.launched.cycle.id, file_name=name, content=content
            )
        await drain(ground, world.id, kinds=NUMBERS)
        if name == "done.csv":
            async with ground.database.tenant_session(coordinator.context()) as session:
                await importing.commit(
                    session, coordinator, roster.id, version=1, status=Status.REGISTERED, have_agreed=True
                )
            await drain(ground, world.id, kinds=NUMBERS)


async def _register(ground: Ground, world: World) -> None:
    """A form half filled in, a finished one, and one that waits for its confirmation; with the links of their letters."""
    stranger = visitor(world.id)
    async with ground.database.tenant_session(stranger.context()) as session:
        half = await signing_up.begin(session, stranger, slug=world.slug, language="en", role="mentee")
        await signing_up.answer(session, stranger, half.id, "email", "half@example.org", language="en")
        await signing_up.answer(session, stranger, half.id, "full_name", "Halima Half", language="en")
        asked = [step.key for step in (await forms.load(session, half)).steps("mentee") if step.question]
        finished = _form(half, asked, "finished@example.org", "Fatima Finis", sent_at=None)
        sent = _form(half, asked, "sent@example.org", "Wafa Whole", sent_at=clock.now())
        session.add_all([finished, sent])
    signer = ground.links
    world.links["/apply/resume/"] = signer.token("resume", world.id, half.id)
    world.links["/confirm/"] = signer.token("confirm", world.id, sent.id)
    for name, form in (("applicant", half), ("finished", finished), ("sent", sent)):
        world.cookies[name] = {"registration": signer.token("resume", world.id, form.id)}


def _form(
    like: Registration, asked: Sequence[str], email: str, name: str, *, sent_at: datetime | None
) -> Registration:
    """A form on which every page was answered, the optional ones with nothing."""
    return Registration(
        organisation_id=like.organisation_id, id=ids.random(), programme_id=like.programme_id, cycle_id=like.cycle_id,
        role="mentee", email=email, full_name=name, language="en", origin="form", sent_at=sent_at,
        answers=dict.fromkeys(asked) | making.answers("mentee"), consents=[{"purpose": "taking_part", "version": "1"}],
        expires_at=clock.now() + timedelta(days=7),
    )  # fmt: skip


async def _sign_in(ground: Ground, world: World) -> None:
    for name, actor in world.people.items():
        async with ground.database.tenant_session(actor.context()) as session:
            her = (await session.execute(select(Person).where(Person.id == actor.person_id))).scalar_one()
            world.secrets[name] = (await sessions.begin(session, actor, her, device="Firefox")).secret
    stranger = visitor(world.id)
    async with ground.database.tenant_session(stranger.context()) as session:
        asked = await identity.ask_link(
            session, stranger, email="who@example.org", browser_digest=digest("browser"), language="en"
        )
        typed = identity.Proof(asked, has_link=False, browser_digest=digest("browser"), code="wrong")
        await identity.sign_in(session, stranger, typed, ground.links)
    world.cookies["asked"] = {"asked": f"{asked.hex}.browser"}
    world.links["/link/"] = ground.links.token("sign-in", world.id, asked)


async def _jobs(ground: Ground, world: World) -> None:
    """A job that has failed for good, for a person to look at."""
    async with ground.database.tenant_session(world.made.house.context()) as session:
        await session.execute(
            insert(OutboxJob).values(
                organisation_id=world.id, id=ids.new(), kind="letter.send", queue="mail", payload={},
                key="dead-one", state=JobState.DEAD, due_at=clock.now(), done_at=clock.now(), error="It broke.",
            )
        )  # fmt: skip
