"""Filling in the form of a registration in a browser without a screen."""

import re

from tests.working import drain

CONSENTS = {"consent_taking_part": "yes", "consent_matching": "yes"}


ANSWERS = {
    "email": {"email": "Wanjiru@Example.org"},
    "full_name": {"full_name": "Wanjiru Kamau"},
    "phone": {"phone": "+254 700 123456"},
    "languages": {"languages-en": "3", "languages-other": "sw", "languages-other-level": "4"},
    "time_zone": {"time_zone": "Africa/Nairobi"},
    "topics_offered": {"topics_offered": ["leadership", "networking"]},
    "topics_wanted": {"topics_wanted": ["leadership", "negotiation"]},
    "ranking": {"topics_wanted-1": "negotiation", "topics_wanted-2": "leadership"},
    "capacity": {"capacity": "2"},
}


def key(page) -> str:
    """The question that the page asks."""
    if 'name="rank" value="1"' in page.html:
        return "ranking"
    return re.search(r'name="key" value="([^"]+)"', page.html)[1]


async def begin(browser, role="mentee"):
    page = await browser.get("/p/network")
    assert page.status == 200
    return await page.submit("/apply", role=role)


async def answer_all(page, **others):
    """Answer page after page until the answers are shown; returns that page and the questions asked."""
    asked = []
    while not page.path.startswith("/apply/check"):
        asked.append(key(page))
        assert len(asked) < 30
        page = await page.submit("/apply", **(others.get(asked[-1]) or ANSWERS.get(asked[-1], {})))
        assert page.status == 200, page.text
    return page, asked


async def agree(page, **consents):
    page = await page.browser.get("/apply/agree")
    return (
        await page.submit("/apply/agree", **(consents or CONSENTS)) if page.path == "/apply/agree" else page
    )


async def confirm_link(ground, made, inbox, email="wanjiru@example.org") -> str:
    await drain(ground, made.id)
    text = inbox.to(email)[-1].get_body(("plain",)).get_content()
    return re.search(r"/confirm/[\w-]{43}", text)[0]


async def rows(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return list((await session.execute(query)).scalars().all())
