"""What a provider answers: taken once, from the right one, in the right browser; and how it ends its sessions."""

from tenants.identity.provider_models import Account
from tests.web.pages.providing import away, back, local, opened, owner, provider, refusals, rows, running

__all__ = ["opened", "owner", "provider", "running"]  # fixtures


async def test_answers_that_are_not_taken(opened, browse, provider, made):
    for changed, words in (
        ({"state": "other"}, "in another browser"),
        ({"state": ""}, "in another browser"),
        ({"iss": "https://evil.example.org"}, "another provider"),
        ({"iss": ""}, "another provider"),
        ({"error": "access_denied", "code": ""}, "not signed in there"),
        ({"code": ""}, "not signed in there"),
    ):
        page = await back(browse(made.host), provider, f"/sign-in/with/{opened}", **changed)
        assert (page.status, words in page.text) == (403, True), (changed, page.text)


async def test_an_answer_counts_once_and_in_its_browser(opened, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True}
    browser, thief = browse(made.host), browse(made.host)
    answer = local(provider.sign_in(await away(browser, f"/sign-in/with/{opened}")))

    assert (await thief.get(answer)).status == 403
    assert (await browser.get(answer)).status == 200
    assert (await browser.get(answer)).status == 403
    assert await refusals(database, made, "account.refused") == ["expired", "expired"]


async def test_a_wrong_token_opens_nothing(opened, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True}
    wrong: dict[str, dict[str, object]] = {
        "nonce": {"nonce": "other"},
        "audience": {"aud": "other"},
        "issuer": {"iss": "https://evil.example.org"},
        "subject": {"sub": ...},
        "expired": {"exp": 1},
    }
    for at, claims in enumerate(wrong.values(), 1):
        provider.claims = claims
        page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
        assert (page.status, await rows(database, made, Account)) == (403, []), claims
        assert "does not work at present" in page.text
        assert "Compare" not in page.text  # details are for whoever sets it up
        assert await refusals(database, made, "account.refused") == sorted([*wrong][:at])


async def test_the_provider_ends_its_sessions(opened, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True}
    browser = browse(made.host)
    await back(browser, provider, f"/sign-in/with/{opened}")
    assert (await browser.get("/me/settings")).path == "/me/settings"
    token = provider.logout_token()

    async def tell(raw: str) -> int:
        answer = await browse(made.host).client.post(
            f"/sign-in/with/{opened}/ended", data={"logout_token": raw}
        )
        return answer.status_code

    assert await tell("nothing") == 400
    assert await tell(provider.logout_token(nonce="n")) == 400
    assert await refusals(database, made, "provider.not_believed") == ["form", "logout"]
    assert (await browser.get("/me/settings")).path == "/me/settings"
    assert await tell(token) == 200
    assert "/sign-in" in (await browser.get("/me/settings")).path

    await back(browser, provider, f"/sign-in/with/{opened}")
    assert await tell(token) == 200  # the same again ends nothing
    assert (await browser.get("/me/settings")).path == "/me/settings"
    assert await tell(provider.logout_token(sub=..., sid="another")) == 200
    assert (await browser.get("/me/settings")).path == "/me/settings"
    assert await tell(provider.logout_token(sub=..., sid="session-1")) == 200
    assert "/sign-in" in (await browser.get("/me/settings")).path
