"""The notes of an author who has left: asked for, decided by a second person, read on; the database agrees."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from infra import clock
from tenants.interviews.models import Grant
from tenants.people import actions as people
from tests import interviewing, making
from tests.interviewing import WORDS, Desk


@pytest.fixture
async def at(ground) -> Desk:
    return await interviewing.desk(ground)


async def test_note_of_an_author_who_left_is_handed_over_by_a_second_person(at, database, browse):
    # N08, N09
    note = await at.write()
    tamar = await making.signed_in(database, browse, at.made, at.tamar)
    petra = await making.signed_in(database, browse, at.made, at.petra)
    page = await tamar.get(f"/c/interviews/{note.id}")
    assert "works here no more" not in page.text
    token = [(one.name, one.value) for one in page.form().fields if one.name == "csrf"]
    reason = ("reason", "Her case is mine since Monday, and we meet tomorrow.")
    refused = await tamar.post(f"{page.path}/hand-over", [*token, reason])
    assert "still works here. Please ask her." in refused.text  # it is hers to give
    async with at.session(at.made.owner) as session:
        await people.set_active(session, at.made.owner, at.selma.require_person(), is_active=False)

    page = await tamar.get(f"/c/interviews/{note.id}")
    asked = await page.submit(f"{page.path}/hand-over", reason=reason[1])
    assert "Waits for a decision" in asked.text and "Open it for an hour" not in asked.text
    own = await tamar.post(f"{asked.path}/open", token)
    assert own.status == 403  # a coordinator decides on none
    seen = await petra.get(asked.path)
    async with at.session(at.made.owner) as session:  # she comes back while it waits, and goes again
        await people.set_active(session, at.made.owner, at.selma.require_person(), is_active=True)
    back = await seen.submit(f"{asked.path}/open")
    assert "still works here. Please ask her." in back.text
    async with at.session(at.made.owner) as session:
        await people.set_active(session, at.made.owner, at.selma.require_person(), is_active=False)
    seen = await petra.get(asked.path)
    assert "may read the note for three months" in seen.text and WORDS["personal"] not in seen.text
    decided = await seen.submit(f"{asked.path}/open")
    assert "Handed over" in decided.text

    page = await tamar.get(f"/c/interviews/{note.id}")
    assert WORDS["personal"] in (await page.submit(page.path)).text
    async with at.session(at.made.house) as session:
        grant = (await session.execute(select(Grant))).scalar_one()
    assert grant.purpose == "hand_over" and timedelta(days=89) < grant.until - clock.now() <= timedelta(90)
    trail = await at.trail("note.hand_over_asked", "note.handed_over", "note.read")
    assert [one.event for one in trail] == ["note.hand_over_asked", "note.handed_over", "note.read"]
    assert all("severity" not in one.details for one in trail)

    # Whoever runs statements in the name of the one who decides gives nothing for longer while the author is here.
    async with at.session(at.made.owner) as session:
        await people.set_active(session, at.made.owner, at.selma.require_person(), is_active=True)
    with pytest.raises(DBAPIError):
        async with at.session(at.petra) as session:
            await session.execute(
                text(
                    "INSERT INTO note_grant (organisation_id, id, note_id, person_id, kind, purpose, until, granted_by,"
                    " emergency_id) SELECT organisation_id, gen_random_uuid(), note_id, requester_id, 'emergency',"
                    " 'hand_over', now() + interval '80 days', decided_by, id FROM note_emergency"
                )
            )
