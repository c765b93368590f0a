"""Two acceptances race for one mentor's last place, from two browsers at once."""

import asyncio

import pytest

from tenants.registration.models import Status
from tests import pairing
from tests.journeys.house import House, Visitor
from tests.tenants.proposals.test_answering_at_once import lowered

pytestmark = pytest.mark.browser

GO_ON = "main button[value=yes]"


async def test_the_last_place_is_given_once(house: House) -> None:  # K11 K33
    stage = await pairing.stage(house.ground.database, house.ground)
    mentor, mentees, proposals, _last = await lowered(stage, by_the_mentor=False)
    browsers = [await house.signed_in(one.actor, stage.made.host, width=390) for one in mentees]
    for browser, proposal in zip(browsers, proposals, strict=True):
        await browser.open(f"/me/proposal/{proposal}")
        await browser.page.click("main details:has(button) > summary")

    await asyncio.gather(*(browser.press(GO_ON) for browser in browsers))

    told = [
        await shown(browser, f"/me/proposal/{one}") for browser, one in zip(browsers, proposals, strict=True)
    ]
    lucky = next(at for at, words in enumerate(told) if "You and Njeri Mwangi are a pair" in words)
    assert "This one does not go ahead, and we look on" in told[1 - lucky]
    assert "We are looking for your mentor" in await shown(browsers[1 - lucky], "/me")

    desk = await house.signed_in(stage.made.coordinator, stage.made.host)
    pairs = await shown(desk, "/c/pairs")
    assert "One pair is running" in pairs
    assert "One pair on this page" in pairs
    assert "Njeri Mwangi" in pairs
    assert f"Mentee {lucky}" in pairs and f"Mentee {1 - lucky}" not in pairs
    assert (await stage.status(mentor), await stage.held(mentor)) == (Status.IN_RELATIONSHIP, 1)


async def shown(visitor: Visitor, path: str) -> str:
    await visitor.open(path)
    return await visitor.text()
