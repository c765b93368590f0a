"""What is wrong with a provider is named to whoever sets it up, all at once and with what to do."""

import pytest

from tenants.identity import provider_rules as rules
from tenants.identity.provider_models import IdentityProvider
from tests.signing_in import SECRET
from tests.web.pages.providing import add, back, owner, provider, rows, running

__all__ = ["owner", "provider", "running"]  # fixtures

MISTAKES = [
    ("issuer", "", "This is needed."),
    ("issuer", "login.example.org", "no address of a provider"),
    ("issuer", "https://login.microsoftonline.com/common/v2.0", "any directory"),
    ("issuer", "http://127.0.0.1:1/realm", "does not answer"),
    ("issuer", "http://nowhere.invalid/realm", "There is no server called"),
    ("issuer", "{root}/elsewhere", "answers with 404"),
    ("issuer", "{issuer}/", "Both have to be the same"),
    ("client_id", "", "This is needed."),
    ("domains", "not a domain!", "is no domain"),
]


@pytest.mark.parametrize(("field", "value", "words"), MISTAKES)
async def test_each_mistake_has_a_name(owner, provider, database, made, field, value, words):
    root = provider.issuer.removesuffix("/realm")
    kind = "entra" if "microsoft" in value else "keycloak"
    page = await add(owner, provider, kind=kind, **{field: value.format(root=root, issuer=provider.issuer)})
    assert (page.status, await rows(database, made, IdentityProvider)) == (422, [])
    assert words in page.text, page.text
    assert SECRET not in page.html


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ({"code_challenge_methods_supported": ["plain"]}, "does not offer PKCE"),
        ({"response_types_supported": ["id_token"]}, "authorization code flow"),
        ({"id_token_signing_alg_values_supported": ["HS256"]}, "signs with"),
        ({"jwks_uri": "ftp://x"}, "does not begin with https"),
        ({"token_endpoint": ...}, "authorization code flow"),
    ],
)
async def test_each_fault_of_its_description_has_a_name(owner, provider, description, words):
    provider.description = description
    assert words in (await add(owner, provider)).text


@pytest.mark.parametrize(
    ("refuses", "claims", "words"),
    [
        ("invalid_client", {}, "does not take the client ID"),
        ("invalid_grant", {}, "callback address"),
        ("", {"aud": "other"}, "meant for another client"),
        ("", {"iat": 1}, "Compare the clocks"),
    ],
)
async def test_a_trial_says_what_is_wrong(owner, provider, made, database, refuses, claims, words):
    await add(owner, provider)
    (row,) = await rows(database, made, IdentityProvider)
    provider.refuses, provider.claims = refuses, claims
    page = await back(owner, provider, f"/a/sign-in/{row.id}/try")
    assert words in page.text


async def test_all_that_is_missing_is_told_at_once(owner, provider):
    page = await add(owner, provider, name="", issuer="", client_id="", domains="not a domain!")
    assert page.text.count("This is needed.") >= 3
    assert "is no domain" in page.text


async def test_google_needs_no_issuer(owner, provider, database, made, monkeypatch):
    monkeypatch.setattr(rules, "GOOGLE", provider.issuer)
    page = await add(owner, provider, kind="google", issuer="")
    assert page.status == 200, page.text
    assert [row.issuer for row in await rows(database, made, IdentityProvider)] == [provider.issuer]
    field = next(
        one for one in (await owner.get("/a/sign-in")).html.split("<input") if 'name="issuer"' in one
    )
    assert "required" not in field.partition(">")[0]
