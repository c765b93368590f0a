"""Hours in common and "a little more experienced": set on the page, kept by the matcher, told in words."""

import re

from sqlalchemy import select

from tenants.people.models import Person
from tenants.proposals.models import Proposal
from tenants.registration.models import Participation
from tests import crowd, making
from tests.working import drain

NOTHING = ("topics", "languages", "overlap", "sector", "organisation", "mode", "region", "gender")


async def test_the_mentor_a_little_ahead_in_a_zone_near_by_is_chosen(
    ground, database, browse, made, launched
):  # N13
    near, far = {"time_zone": "Europe/Copenhagen"}, {"time_zone": "Pacific/Auckland"}
    await crowd.people(database, made, launched, "mentee", 1, **near, experience_years=10)
    years = {2: 14, 3: 40, 4: 10}
    for seed, experience in years.items():
        await crowd.people(
            database, made, launched, "mentor", 1, seed=seed, **near, experience_years=experience
        )
    await crowd.people(database, made, launched, "mentor", 1, seed=5, **far, experience_years=14)
    desk = await making.signed_in(database, browse, made, made.coordinator)

    page = await desk.get(f"/c/matching/new?cycle={launched.cycle.id}")
    weights = {f"w_{name}": "0" for name in NOTHING} | {"w_seniority": "10", "mode": None, "gender": None}
    for wrong in ({"ahead_from": "9"}, {"ahead_to": "five"}, {"ahead_to": "61"}):
        refused = await page.submit(
            "/c/matching/new", do="start", **weights, **({"ahead_from": "3", "ahead_to": "5"} | wrong)
        )
        assert refused.status == 422
        assert re.search(r"Write whole numbers from .60 to 60, the smaller number first\.", refused.text)

    counted = await page.submit(
        "/c/matching/new", do="count", **weights, ahead_from="3", ahead_to="5", overlap="4", languages="0"
    )
    await drain(ground, made.id)
    again = await desk.get(counted.path)
    # One is too far ahead to earn anything, one has no hour in common.
    assert "2 pairs are possible for one mentee" in again.text
    assert re.search(r'name="ahead_to"[^>]* value="5"', again.html)

    run = await again.submit("/c/matching/new", do="start")
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        proposals = list(await session.scalars(select(Proposal)))
        mentor = await session.scalar(select(Participation).where(Participation.id == proposals[0].mentor_id))
        assert (len(proposals), mentor.experience_years) == (1, 14)
        name = await session.scalar(select(Person.full_name).where(Person.id == mentor.person_id))
    assert name.startswith("Mentor 2-")
    pair = await desk.get(f"{run.path}/{proposals[0].id}")
    assert "4 years" in pair.text
