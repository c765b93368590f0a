"""
The sample accounts of the demo: one organisation's own sign-in, so that everybody can see what that is like.

Ports change when others take them, so at each start the provider is told anew where it stands, and who may ask it.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra.embedded import accounts
from mentorweave.demo.seed import Seed
from tenants.identity import accounts as connected
from tenants.identity import providers
from tenants.identity.provider_models import Account, IdentityProvider, ProviderKind
from tenants.people.models import Person

NAME = "Hub account"
CLIENT, SECRET = "mentorweave", "sample-secret"
NEWCOMER = {"subject": "newcomer", "name": "Noor Haddad", "email": "noor.haddad@hub.example.org"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the sample accounts live: their folder, and the address at which they answer."""

    folder: Path
    issuer: str


async def settle(seed: Seed, session: AsyncSession, place: Place) -> str:
    """Connect the organisation with the sample accounts, where that has not been done. Returns the address to sign in."""
    people = await _people(seed, session)
    listed = [{"subject": str(one.id), "name": one.full_name, "email": one.email or ""} for one in people]
    found = (
        await session.scalars(select(IdentityProvider).where(IdentityProvider.name == NAME))
    ).one_or_none()
    if found is None:
        accounts.lay_out(place.folder, clients=[], people=[])
        await _add(seed, session, place, people)
        found = (await session.scalars(select(IdentityProvider).where(IdentityProvider.name == NAME))).one()
    elif found.issuer != place.issuer:
        await session.execute(
            update(Account).where(Account.provider_id == found.id).values(issuer=place.issuer)
        )
        found.issuer = place.issuer
    url = seed.ground.settings.web.url
    client = {
        "client_id": CLIENT, "secret": SECRET,
        "redirect_uri": url(seed.sample.host, f"/sign-in/with/{found.id}/back"),
    }  # fmt: skip
    accounts.lay_out(place.folder, clients=[client], people=[*listed, NEWCOMER])
    return url(seed.sample.host, f"/sign-in/with/{found.id}")


async def _add(seed: Seed, session: AsyncSession, place: Place, people: list[Person]) -> None:
    added = await providers.add(
        session,
        seed.house,
        seed.ground.keyring.provider(),
        name=NAME,
        kind=ProviderKind.OTHER,
        issuer=place.issuer,
        client_id=CLIENT,
        secret=SECRET,
        may_be_private=True,
    )
    row = await providers.access(session, added.id)
    await providers.note_tried(session, seed.house, row)
    await providers.open_for_all(session, seed.house, row.id)
    for one in people:
        connected.connect(session, row, str(one.id), one.id)


async def _people(seed: Seed, session: AsyncSession) -> list[Person]:
    names = [seed.sample.owner, *(name for name, _office in seed.sample.coordinators)]
    query = select(Person).where(Person.email.in_([seed.email(name) for name in names])).order_by(Person.id)
    return list(await session.scalars(query))
