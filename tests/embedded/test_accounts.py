"""The sample accounts: a provider that our own strictness takes, connected with a sample organisation at each start."""

import dataclasses
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from infra.embedded import accounts
from infra.embedded.mailcatcher import MailCatcher
from infra.embedded.server import free_port
from infra.oidc import exchange
from infra.oidc.errors import ProviderWrong
from infra.oidc.exchange import Client, Way
from infra.oidc.provider import Provider
from mentorweave.demo.accounts import Place, settle
from mentorweave.demo.samples import SAMPLES
from mentorweave.demo.seed import Seed
from tenants.identity.provider_models import Account, IdentityProvider
from tenants.people.models import Person

BACK = "http://hub.localhost/back"
CLIENT = Client("mentorweave", "sample-secret", BACK)
ANA = {"subject": "ana", "name": "Ana Ilić", "email": "ana@example.org"}


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[MailCatcher]:
    folder = tmp_path / "accounts"
    known = {"client_id": CLIENT.client_id, "secret": CLIENT.secret or "", "redirect_uri": BACK}
    accounts.lay_out(folder, clients=[known], people=[ANA])
    mail = tmp_path / "mail"
    async with MailCatcher(mail, smtp_port=free_port(), http_port=free_port(), accounts_in=folder) as made:
        yield made


@pytest.fixture
def provider(catcher: MailCatcher) -> Provider:
    assert catcher.accounts
    return Provider(catcher.accounts.issuer, may_be_private=True)


async def choose(way: Way, name: str = "Ana Ilić", **changed: str) -> dict[str, str]:
    """Follow the link with a name on the page of the provider: what it sends back."""
    async with httpx.AsyncClient() as browser:
        page = await browser.get(httpx.URL(way.address).copy_merge_params(changed))
        if page.status_code != 200:
            return {"status": str(page.status_code)}
        link = page.text.partition(f"<bdi>{name}</bdi>")[0].rpartition('href="')[2].partition('"')[0]
        answer = await browser.get(page.url.join(link.replace("&amp;", "&")))
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in asked.items()}


async def test_somebody_signs_in(provider: Provider) -> None:
    way = await exchange.way(provider, CLIENT)
    back = await choose(way)
    assert (back["state"], back["iss"]) == (way.state, provider.issuer)
    claims = await exchange.fetch(provider, CLIENT, code=back["code"], verifier=way.verifier, nonce=way.nonce)
    assert (claims.subject, claims.email, claims.is_email_verified, claims.name) == (
        "ana", "ana@example.org", True, "Ana Ilić",
    )  # fmt: skip
    assert claims.proved_at() is not None
    with pytest.raises(ProviderWrong):
        await exchange.fetch(provider, CLIENT, code=back["code"], verifier=way.verifier, nonce=way.nonce)


@pytest.mark.parametrize(
    "changed", [{"redirect_uri": "http://evil.example.org/"}, {"client_id": "other"}, {"code_challenge": ""}]
)
async def test_nobody_else_may_ask(provider: Provider, changed: dict[str, str]) -> None:
    assert await choose(await exchange.way(provider, CLIENT), **changed) == {"status": "400"}


@pytest.mark.parametrize("wrong", [{"verifier": "x" * 50}, {"code": "other"}])
async def test_a_code_needs_its_proof(provider: Provider, wrong: dict[str, Any]) -> None:
    way = await exchange.way(provider, CLIENT)
    given = {"code": (await choose(way))["code"], "verifier": way.verifier} | wrong
    with pytest.raises(ProviderWrong):
        await exchange.fetch(provider, CLIENT, nonce=way.nonce, **given)


async def test_a_wrong_secret_gets_nothing(provider: Provider) -> None:
    way = await exchange.way(provider, CLIENT)
    code = (await choose(way))["code"]
    other = dataclasses.replace(CLIENT, secret="other")
    with pytest.raises(ProviderWrong):
        await exchange.fetch(provider, other, code=code, verifier=way.verifier, nonce=way.nonce)


async def test_private_part_of_the_key_stays_in_its_file(catcher: MailCatcher, provider: Provider) -> None:
    async with httpx.AsyncClient() as browser:
        shown = (await browser.get(f"{provider.issuer}/keys")).json()["keys"][0]
        elsewhere = await browser.get(f"{provider.issuer}/keys", headers={"host": "evil.example.org"})
    assert set(shown) == set(accounts.PUBLIC)
    assert elsewhere.status_code == 403
    assert catcher.accounts
    assert (catcher.accounts.folder / "key.json").stat().st_mode & 0o077 == 0


def test_nothing_heavy_is_loaded_before_the_first_sign_in(tmp_path: Path) -> None:
    """The demo is to rest: what signs weighs as much as the whole mail catcher."""
    accounts.lay_out(tmp_path, clients=[], people=[])
    asked = (
        "import sys; from pathlib import Path; from infra.embedded import mailcatcher, accounts, speaking;"
        f"known = accounts.Accounts(Path({str(tmp_path)!r}), 'http://127.0.0.1:1/accounts');"
        "ask = lambda path: known.answer(speaking.Request('GET', accounts.PATH + path, {}, {}, {})).status;"
        "assert [ask('/.well-known/openid-configuration'), ask('/keys')] == [200, 200];"
        "assert not {'joserfc', 'cryptography', 'httpx2'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)


async def test_the_demo_connects_and_follows_its_ports(
    catcher: MailCatcher, ground, database, made, browse, tmp_path: Path
) -> None:
    assert catcher.accounts
    sample = dataclasses.replace(
        SAMPLES[0], host=made.host, owner="Olivia Owner", coordinators=(("Cora Coordinator", ""),)
    )
    seed = Seed(ground, sample, made.id)
    async with database.tenant_session(made.house.context()) as session:
        for one in await session.scalars(select(Person)):
            one.email = seed.email(one.full_name)
    for issuer in ("http://127.0.0.1:1/accounts", catcher.accounts.issuer):
        place = Place(catcher.accounts.folder, issuer)
        async with database.tenant_session(made.house.context()) as session:
            if issuer.endswith(":1/accounts"):  # an earlier start, on a port that is taken today
                place = Place(catcher.accounts.folder, catcher.accounts.issuer)
            address = await settle(seed, session, place)
        async with database.tenant_session(made.house.context()) as session:
            row = (await session.scalars(select(IdentityProvider))).one()
            if issuer.endswith(":1/accounts"):
                row.issuer = issuer
                for account in await session.scalars(select(Account)):
                    account.issuer = issuer

    browser = browse(made.host)
    assert "Sign in with" in (await browser.get("/sign-in")).text
    answer = await browser.client.get(urlsplit(address).path, follow_redirects=False)
    way = Way(answer.headers["location"], "", "", "")
    back = await choose(way, "Olivia Owner")
    page = await browser.get(f"{urlsplit(address).path}/back?{httpx.QueryParams(back)}")
    assert page.path == "/a"
