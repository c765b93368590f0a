"""A form whose session got another secret meanwhile comes back with all that was written; another site's does not."""

import pytest

from tenants.permissions import Role
from tests import making

WRITTEN = "He shouts at me, and I do not dare to say it to him. " * 3


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


async def test_form_grown_old_by_another_tab_is_sent_once_more(database, browse, made, her):
    browser = await making.signed_in(database, browse, made, her)
    page = await browser.get("/me/concern")
    other = await making.signed_in(database, browse, made, her)
    browser.client.cookies = other.client.cookies  # as after a proof in another tab: a new secret

    kept = await page.submit("/me/concern", text=WRITTEN, readers=str(made.coordinator.person_id))
    assert kept.status == 403 and "Nothing is lost" in kept.text and WRITTEN.strip() in kept.text
    assert len(kept.html.encode()) < 14 * 1024 and "<script" not in kept.html
    again = await kept.submit("/me/concern")
    assert again.status == 200 and again.path == "/me/concern/sent"

    form = page.form("/me/concern")
    fields = [(one.name, one.value) for one in form.fields]
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    foreign = await browser.client.post(form.action or page.path, data=dict(fields), headers=elsewhere)
    assert foreign.status_code == 403 and "Nothing is lost" not in foreign.text
    stranger = browse(made.host)
    refused = await stranger.post("/me/concern", [("csrf", "old"), ("text", WRITTEN)])
    assert WRITTEN.strip() not in refused.text
