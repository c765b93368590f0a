"""Who may come in again: sessions, links, accounts elsewhere, a directory."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from infra import clock, ids
from infra.ground import Ground
from tenants.actor import visitor
from tenants.audit.actions import take_checkpoint
from tenants.identity import actions as identity
from tenants.identity import kept_forms, sessions, signing_in, step_up
from tenants.identity.models import Session
from tenants.identity.proof_models import Passkey, PasskeyChallenge
from tenants.identity.provider_models import Account, IdentityProvider, LogoutToken, Visit
from tenants.identity.rules import digest
from tenants.people.models import Person
from tenants.provisioning import actions as provisioning
from tenants.provisioning import groups as directory_groups
from tenants.provisioning.rules import ToldGroup, ToldUser
from tests.isolation.world.shape import World


async def sign_in(ground: Ground, world: World) -> None:
    for name, actor in world.people.items():
        async with ground.database.tenant_session(actor.context()) as session:
            her = (await session.execute(select(Person).where(Person.id == actor.person_id))).scalar_one()
            world.secrets[name] = (await sessions.begin(session, actor, her, device="Firefox")).secret
    stranger = visitor(world.id)
    async with ground.database.tenant_session(stranger.context()) as session:
        asked = await identity.ask_link(
            session, stranger, email="who@example.org", browser_digest=digest("browser"), language="en"
        )
        typed = signing_in.Proof(asked, has_link=False, browser_digest=digest("browser"), code="wrong")
        await signing_in.sign_in(session, stranger, typed, ground.links)
    world.cookies["asked"] = {"asked": f"{asked.hex}.browser"}
    world.links["/link/"] = ground.links.token("sign-in", world.id, asked)


async def connect(ground: Ground, world: World) -> None:
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


async def prove(ground: Ground, world: World) -> None:
    """By what people prove anew who they are: a passkey, one that is being asked for, a code; and a form that waits for it."""
    coordinator, mentee = world.people["coordinator"], world.people["confirmed_mentee"]
    own = {"organisation_id": world.id, "person_id": coordinator.person_id}
    async with ground.database.tenant_session(world.made.house.context()) as session:
        session.add_all(
            [
                Passkey(
                    **own, credential_id=digest(world.slug), public_key=b"key", sign_count=1, host=world.host,
                    name=f"Blue key {world.slug}", transports=["usb"], is_synced=False,
                ),
                PasskeyChallenge(
                    **own, asked="add", challenge=b"c", browser_digest=digest("browser"),
                    expires_at=clock.now() + timedelta(hours=1),
                ),
            ]
        )  # fmt: skip
        hers = select(Session.id).where(Session.person_id == mentee.person_id)
        signed_in = replace(mentee, session_id=(await session.scalars(hers)).one())
    async with ground.database.tenant_session(signed_in.context()) as session:
        await step_up.ask_code(session, signed_in, language="en")
        await kept_forms.keep(session, signed_in, "/me/concern", [("text", "She asked me for money.")])


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
