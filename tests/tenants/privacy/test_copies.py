"""A person's copy: all of hers, nothing of others, for herself alone."""

import io
import json
from dataclasses import replace

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from infra import clock, language
from infra.errors import NotFound, StepUpNeeded
from tenants.people.models import Person
from tenants.privacy import copies, rules
from tenants.privacy.models import PersonalCopy
from tenants.proposals.models import AskedFor
from tenants.registration.models import Participation
from tests.conftest import Inbox
from tests.erasing import fresh
from tests.pairing import Somebody, Stage


async def made(stage: Stage, her: Somebody, *, spoken: str = "en") -> dict[str, bytes]:
    """Her copy in both forms, as she takes it."""
    with language.use(spoken):
        async with stage.session(her.actor) as session:
            asked = await copies.ask(session, her.actor, her.person_id)
    await stage.drain()
    return {
        "json": await taken(stage, her, asked, "machine"),
        "pdf": await taken(stage, her, asked, "readable"),
    }


async def taken(stage: Stage, her: Somebody, asked: PersonalCopy, form: copies.Form) -> bytes:
    by = fresh(her.actor)
    async with stage.session(by) as session:
        copy = await copies.take(session, by, asked.id, form, now=clock.now())
    return await copies.opened(stage.ground.keys, copy, form)


def rows(told: bytes, name: str) -> list[dict[str, object]]:
    return next((one["rows"] for one in json.loads(told)["sections"] if one["name"] == name), [])


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_holds_what_she_said_in_both_forms(stage: Stage, inbox: Inbox) -> None:
    her = await stage.joins(name="Wanjiru Kamau", email="wanjiru@example.org", phone="+254 700 123 987")
    async with stage.session() as session:
        await session.execute(
            update(Participation)
            .where(Participation.id == her.id)
            .values(motivation="the *flute* #1", note="NOTED")
        )
    found = await made(stage, her)
    [person] = rows(found["json"], "person")
    assert (person["full_name"], person["email"], person["phone"]) == (
        "Wanjiru Kamau",
        "wanjiru@example.org",
        "+254 700 123 987",
    )
    [part] = rows(found["json"], "participation")
    assert (part["motivation"], part["status"]) == ("the *flute* #1", "READY TO BE MATCHED")
    assert {one["purpose"] for one in rows(found["json"], "consent")} == {"taking_part", "matching"}
    told = words(found["pdf"])
    assert "the *flute* #1" in told
    assert "Ready to be matched" in told
    # Notes of others are named and not quoted.
    assert "NOTED" not in told + found["json"].decode()
    assert "participation.note" in {one["name"] for one in json.loads(found["json"])["not_given"]}
    assert "Your copy of your data is ready" in [
        str(mail["Subject"]) for mail in inbox.to("wanjiru@example.org")
    ]


async def test_pdf_can_be_heard(stage: Stage) -> None:
    her = await stage.joins()
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == her.person_id).values(full_name="ليلى"))
    for spoken in ("en", "ar"):
        root = PdfReader(io.BytesIO((await made(stage, her, spoken=spoken))["pdf"])).trailer["/Root"]
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (spoken, True)
        assert "/StructTreeRoot" in root
        assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


async def test_tells_nothing_of_others_that_she_was_not_told(stage: Stage) -> None:
    """Not who would have been proposed, nor what the other one answered, nor how to reach her."""
    mentor = await stage.joins(
        "mentor", name="Ana Ilić", email="ana@secret.example", phone="+381 11 222 333", capacity=3
    )
    third = await stage.joins("mentor", name="Third Person", email="third@secret.example")
    her = await stage.joins(name="Wanjiru Kamau")
    _, [draft] = await stage.drafts((third, her))
    [proposal_id] = await stage.sent((mentor, her))
    await stage.become_known(proposal_id)
    await stage.answer(her, proposal_id, AskedFor.MEET)
    await stage.answer(mentor, proposal_id, AskedFor.MEET, is_yes=False, reason="SAIDNO")
    found = await made(stage, her)
    told = words(found["pdf"]) + found["json"].decode()
    secrets = (
        "Third Person",
        "ana@secret.example",
        "third@secret.example",
        "222 333",
        "SAIDNO",
        "declined",
        str(draft),
    )
    assert [one for one in secrets if one in told] == []
    [proposal] = rows(found["json"], "proposal")
    assert (proposal["mentor_id"], proposal["state"]) == ("Ana Ilić", "closed")
    assert [one["is_yes"] for one in rows(found["json"], "answer")] == [True]


async def test_no_other_person_stands_in_any_copy(stage: Stage) -> None:
    """Whatever is kept: the copy of one says nothing of the others of her organisation."""
    people = [
        await stage.joins(name=f"Person{n} Canary{n}", email=f"p{n}@canary{n}.example") for n in range(4)
    ]
    told = (await made(stage, people[0]))["json"].decode()
    assert [n for n in range(1, 4) if f"canary{n}" in told.lower()] == []
    assert "canary0" in told.lower()


async def test_nobody_else_takes_it(stage: Stage) -> None:
    her, other = await stage.joins(), await stage.joins(name="Ana Ilić")
    async with stage.session(stage.by) as session:
        asked = await copies.ask(session, stage.by, her.person_id)
    await stage.drain()
    for who in (other.actor, stage.by, stage.made.owner):
        async with stage.session(who) as session:
            with pytest.raises(NotFound):
                await copies.take(session, fresh(who), asked.id, "machine", now=clock.now())
    async with stage.session(her.actor) as session:
        with pytest.raises(StepUpNeeded):
            await copies.take(session, her.actor, asked.id, "machine", now=clock.now())


async def test_is_gone_after_its_days(stage: Stage) -> None:
    her = await stage.joins()
    async with stage.session(her.actor) as session:
        asked = await copies.ask(session, her.actor, her.person_id)
    await stage.drain()
    later = clock.now() + rules.COPY_KEPT
    by = replace(her.actor, verified_at=later)
    async with stage.session(by) as session:
        with pytest.raises(rules.CopyExpired):
            await copies.take(session, by, asked.id, "machine", now=later)
        await session.execute(update(PersonalCopy).values(expires_at=clock.now()))
    async with stage.session() as session:
        await copies.clear_expired(session, stage.made.house)
        assert (await session.execute(select(PersonalCopy.id))).all() == []


async def test_is_sealed_where_it_lies(stage: Stage) -> None:
    her = await stage.joins(name="Wanjiru Kamau")
    await made(stage, her)
    async with stage.session() as session:
        [(readable, machine)] = await session.execute(select(PersonalCopy.readable, PersonalCopy.machine))
    assert (b"Wanjiru" in machine, readable.startswith(b"%PDF")) == (False, False)


async def test_three_a_day_and_one_at_a_time(stage: Stage) -> None:
    her = await stage.joins()
    seen = set()
    for _ in range(3):
        async with stage.session(her.actor) as session:
            first = await copies.ask(session, her.actor, her.person_id)
            seen |= {first.id, (await copies.ask(session, her.actor, her.person_id)).id}
        await stage.drain()
    assert len(seen) == 3
    async with stage.session(her.actor) as session:
        with pytest.raises(rules.CopiesEnough):
            await copies.ask(session, her.actor, her.person_id)


async def test_without_an_address_nobody_could_be_told(stage: Stage) -> None:
    her = await stage.joins()
    async with stage.session(stage.by) as session:
        await session.execute(update(Person).where(Person.id == her.person_id).values(email=None))
        with pytest.raises(rules.NoAddress):
            await copies.ask(session, stage.by, her.person_id)
