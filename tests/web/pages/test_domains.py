"""A domain is an organisation's own when it can enter a record there; whoever joins by an address hangs on it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock
from infra.outbox import enqueue
from tenants.audit.models import AuditEvent
from tenants.identity.domain_models import Domain
from tenants.identity.jobs import LookAtDomains
from tests import making
from tests.name_server import NameServer
from tests.working import drain

PLACE = "_mentorweave.example.org"


@pytest.fixture
def server(names: NameServer) -> NameServer:
    names.reset()
    return names


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def only(database, made) -> Domain:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.scalars(select(Domain))).one()


async def events(database, made) -> list[str]:
    async with database.tenant_session(made.house.context()) as session:
        found = await session.scalars(
            select(AuditEvent.event).where(AuditEvent.object_kind == "domain").order_by(AuditEvent.id)
        )
        return list(found)


async def named(owner, name: str = "example.org"):
    page = await owner.get("/a/sign-in/domains")
    return await owner.post("/a/sign-in/domains", [("csrf", _csrf(page)), ("domain", name)])


async def check(owner, row: Domain):
    return await (await owner.get("/a/sign-in/domains")).submit(f"/a/sign-in/domains/{row.id}/check")


async def look(ground, made, key: str) -> None:
    """The daily look, as the worker does it."""
    async with ground.database.tenant_session(made.house.context()) as session:
        await enqueue(session, LookAtDomains(), key=key)
    await drain(ground, made.id)


async def test_a_record_proves_a_domain(owner, server, database, made):
    page = await named(owner, " @Example.ORG. ")
    row = await only(database, made)
    assert (row.name, row.proved_at) == ("example.org", None)
    assert PLACE in page.text
    assert row.record in page.text

    assert "There is no such record" in (await check(owner, row)).text
    server.texts[PLACE] = ["mentorweave-domain=of-somebody-else"]
    assert "another text" in (await check(owner, row)).text
    server.broken.add(PLACE)
    assert "Nobody answers" in (await check(owner, row)).text
    server.broken.clear()
    server.texts[PLACE] = ["v=spf1 -all", f" {row.record} "]
    page = await check(owner, row)
    assert "is proved to be yours" in page.text
    assert (await only(database, made)).proved_at is not None
    assert await events(database, made) == ["domain.named", "domain.proved"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "This is needed."), ("not a domain!", "is no domain"), ("localhost", "is no domain"), ("a@example.org", "is no domain")],
)  # fmt: skip
async def test_what_is_no_domain_is_refused(owner, database, made, name, words):
    page = await named(owner, name)
    assert (page.status, await events(database, made)) == (422, [])
    assert words in page.text


async def test_a_domain_is_named_once(owner, server, database, made):
    await named(owner)
    assert "stands in the list already" in (await named(owner, "EXAMPLE.org")).text
    assert await events(database, made) == ["domain.named"]


async def test_two_organisations_prove_the_same_domain_each_for_itself(owner, server, database, made, browse):
    """Neither learns that the other has named it, and the record of one proves nothing to the other."""
    await named(owner)
    other = await making.organisation(database)
    theirs = await making.signed_in(database, browse, other, other.owner)
    assert (await named(theirs)).status == 200
    mine, row = await only(database, made), await only(database, other)
    server.texts[PLACE] = [mine.record]
    assert "another text" in (await check(theirs, row)).text
    page = await theirs.post(
        f"/a/sign-in/domains/{mine.id}/check", [("csrf", _csrf(await theirs.get("/a/sign-in/domains")))]
    )
    assert page.status == 404


def _csrf(page) -> str:
    return next(field.value for form in page.forms for field in form.fields if field.name == "csrf")


async def test_a_record_that_goes_ends_the_proof_after_a_week(owner, server, database, made, ground, inbox):
    await named(owner)
    row = await only(database, made)
    server.texts[PLACE] = [row.record]
    await look(ground, made, "one")
    assert (await only(database, made)).proved_at is not None
    assert inbox.mails == []

    server.texts.clear()
    await look(ground, made, "two")
    assert [mail["subject"] for mail in inbox.mails] == ["The record of example.org is missing"]
    assert PLACE in inbox.mails[0].get_body(("plain",)).get_content()
    assert (await only(database, made)).proved_at is not None
    page = await owner.get("/a/sign-in/domains")
    assert "record missing" in page.text

    with time_machine.travel(clock.now() + timedelta(days=6)):
        await look(ground, made, "three")
    assert (await only(database, made)).proved_at is not None
    with time_machine.travel(clock.now() + timedelta(days=7, hours=1)):
        await look(ground, made, "four")
    assert (await only(database, made)).proved_at is None
    assert [mail["subject"] for mail in inbox.mails][1:] == ["Nobody joins by example.org any more"]
    assert await events(database, made) == ["domain.named", "domain.proved", "domain.missed", "domain.lapsed"]


async def test_a_record_that_comes_back_leaves_all_as_it_was(owner, server, database, made, ground, inbox):
    await named(owner)
    row = await only(database, made)
    server.texts[PLACE] = [row.record]
    await look(ground, made, "one")
    server.texts.clear()
    await look(ground, made, "two")
    server.texts[PLACE] = [row.record]
    await look(ground, made, "three")
    found = await only(database, made)
    assert (found.missing_since, found.proved_at is None) == (None, False)
    assert len(inbox.mails) == 1


async def test_a_server_that_does_not_answer_ends_nothing(owner, server, database, made, ground, inbox):
    await named(owner)
    row = await only(database, made)
    server.texts[PLACE] = [row.record]
    await look(ground, made, "one")
    server.broken.add(PLACE)
    for day in range(1, 20, 6):
        with time_machine.travel(clock.now() + timedelta(days=day)):
            await look(ground, made, f"day {day}")
    found = await only(database, made)
    assert (found.missing_since, found.proved_at is None, found.look) == (None, False, "no_answer")
    assert inbox.mails == []


async def test_a_removed_domain_proves_nothing(owner, server, database, made):
    await named(owner)
    row = await only(database, made)
    page = await (await owner.get("/a/sign-in/domains")).submit(f"/a/sign-in/domains/{row.id}/remove")
    assert "Nobody joins" in page.text
    assert await events(database, made) == ["domain.named", "domain.removed"]


async def test_only_whoever_may_set_sign_in_up(database, browse, made):
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    assert (await coordinator.get("/a/sign-in/domains")).status == 403
