"""The steps of signing in, each in a transaction of its own, as doors take them."""

from uuid import UUID

from sqlalchemy import select

from infra.crypto.links import LinkSigner
from tenants.actor import visitor
from tenants.identity import actions, queries, rules, signing_in
from tenants.identity import letters as _letters  # noqa: F401  registers what the worker writes
from tenants.identity.rules import PURPOSE, Refusal
from tenants.identity.sessions import Begun
from tenants.identity.signing_in import Proof
from tenants.people.models import Person

LINKS = LinkSigner(b"k" * 32)
BROWSER, OTHER = rules.digest("her browser"), rules.digest("another browser")


async def email_of(database, actor) -> str:
    async with database.tenant_session(actor.context()) as session:
        return (await session.execute(select(Person.email).where(Person.id == actor.person_id))).scalar_one()


async def ask(database, made, email: str, browser: bytes = BROWSER) -> UUID:
    who = visitor(made.id)
    async with database.tenant_session(who.context()) as session:
        return await actions.ask_link(session, who, email=email, browser_digest=browser, language="fr")


async def enter(database, made, proof: Proof, actor=None, links: LinkSigner = LINKS) -> Begun | Refusal:
    who = actor or visitor(made.id)
    async with database.tenant_session(who.context()) as session:
        return await signing_in.sign_in(session, who, proof, links, device="Firefox, Linux")


async def resolve(database, organisation_id: UUID, secret: str):
    async with database.platform_session("resolver") as connection:
        return await queries.resolve_session(connection, organisation_id, secret)


def code(made, link_id: UUID) -> str:
    return LINKS.code(PURPOSE, made.id, link_id)


def wrong(made, link_id: UUID) -> str:
    return str((int(code(made, link_id)) + 1) % 10**6).zfill(6)
