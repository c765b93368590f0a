"""A deletion: what becomes of her rows, of others', of her partner, of the trail; each state has one outcome."""

import pytest
from sqlalchemy import select, update

from infra import clock
from infra.errors import NotFound, StepUpNeeded
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter
from tenants.people import queries as people
from tenants.people.actions import LastOwner
from tenants.people.models import Person
from tenants.privacy import asking, queries, rules
from tenants.privacy import erasing as carrying_out
from tenants.privacy.models import Erasure, ErasureState
from tenants.proposals.models import AskedFor
from tenants.registration.models import Participation
from tests import erasing
from tests.conftest import Inbox
from tests.pairing import Somebody, Stage


async def test_what_told_of_her_is_gone(stage: Stage, inbox: Inbox) -> None:
    her = await stage.joins(name="Wanjiru Kamau", email="wanjiru@secret.example", phone="+254 700 123 987")
    await _set(stage, her, motivation="to learn the flute", note="plays the flute")
    proof = await erasing.erased(stage.ground, her.actor)
    left = await erasing.everything(stage.ground, stage.made.id)
    words = ("Wanjiru", "wanjiru@secret.example", "flute", "700 123 987")
    assert [f"{word} in {table}" for table, told in left.items() for word in words if word in told] == []
    assert proof.state == ErasureState.DONE
    assert (proof.counts["participation.emptied"], proof.counts["person.emptied"]) == (1, 1)
    subjects = [str(mail["Subject"]) for mail in inbox.to("wanjiru@secret.example")]
    assert "Your data is being deleted" in subjects


async def test_partner_is_told_without_a_reason(stage: Stage, inbox: Inbox) -> None:
    mentor = await stage.joins("mentor", name="Ana Ilić", email="ana@example.org", capacity=1)
    mentee = await stage.joins(name="Wanjiru Kamau")
    await stage.pair(mentor, mentee)
    await erasing.erased(stage.ground, mentee.actor)
    letters = [mail for mail in inbox.to("ana@example.org") if "Your mentoring with" in mail["Subject"]]
    assert [str(mail["Subject"]) for mail in letters] == ["Your mentoring with Wanjiru Kamau"]
    body = letters[0].get_body(("plain",)).get_content()
    assert "come to its end" in body
    assert "delet" not in body.lower()
    assert await stage.status(mentor) == "READY TO BE MATCHED"


@pytest.mark.parametrize(
    "state", ["registered", "ready", "proposed", "meeting", "pair", "ended", "left", "network"]
)
async def test_each_state_has_one_outcome(stage: Stage, state: str) -> None:
    """Whatever she was, she has left, holds no place, has no card, and nothing is proposed with her any more."""
    mentor = await stage.joins("mentor", name="Ana Ilić", capacity=1)
    her = await stage.joins(name="Wanjiru Kamau")
    await _bring(stage, mentor, her, state)
    await erasing.erased(stage.ground, her.actor)
    assert await stage.status(her) == "LEFT"
    assert await stage.held(her) == 0
    left = await erasing.everything(stage.ground, stage.made.id)
    assert str(her.id) not in left["pool_card"] + left["hold"] + left["answer"] + left["task"]
    assert '"state":"open"' not in left["proposal"]
    assert '"state":"meeting"' not in left["proposal"]
    assert '"state":"running"' not in left["relationship"]
    assert await stage.status(mentor) == "READY TO BE MATCHED"
    assert await stage.held(mentor) == 0


async def _set(stage: Stage, whose: Somebody, **facts: object) -> None:
    async with stage.session() as session:
        await session.execute(update(Participation).where(Participation.id == whose.id).values(facts))


async def _bring(stage: Stage, mentor: Somebody, her: Somebody, state: str) -> None:
    from tenants.registration import actions as registration

    if state in ("left", "network", "registered"):
        async with stage.session(stage.by) as session:
            if state == "network":
                await registration.to_network_participant(session, stage.by, her.id)
            else:
                await registration.leave(session, stage.by, her.id)
            if state == "registered":
                await registration.reapply(session, stage.by, her.id)
    elif state in ("proposed", "meeting"):
        [proposal_id] = await stage.sent((mentor, her))
        await stage.become_known(proposal_id)
        if state == "meeting":
            await stage.both_meet(proposal_id, mentor, her)
    elif state in ("pair", "ended"):
        relationship = await stage.pair(mentor, her)
        if state == "ended":
            from tenants.relationships import actions as relationships
            from tenants.relationships.models import EndReason

            async with stage.session(stage.by) as session:
                await relationships.end(session, stage.by, relationship.id, reason=EndReason.TERM_OVER)


async def test_others_answers_stay(stage: Stage) -> None:
    mentor, her = await stage.joins("mentor", name="Ana Ilić"), await stage.joins()
    [proposal_id] = await stage.sent((mentor, her))
    await stage.become_known(proposal_id)
    await stage.answer(mentor, proposal_id, AskedFor.MEET)
    await erasing.erased(stage.ground, her.actor)
    left = await erasing.everything(stage.ground, stage.made.id)
    assert str(mentor.id) in left["answer"]
    assert "Ana Ilić" in left["person"]


async def test_others_wishes_forget_her_address(stage: Stage) -> None:
    her = await stage.joins(email="wanjiru@secret.example")
    other = await stage.joins(name="Ana Ilić")
    await _set(stage, other, excluded_emails=["Wanjiru@secret.example", "third@example.org"])
    await erasing.erased(stage.ground, her.actor)
    async with stage.session() as session:
        found = (
            await session.execute(select(Participation).where(Participation.id == other.id))
        ).scalar_one()
    assert found.excluded_emails == ["third@example.org"]


@pytest.mark.parametrize(
    "name", ["O'Brien (Jan) [x] \\d+ $", "Zoe\u0308 Mu\u0308ller", "ليلى حسن", "Jan", ".*"]
)
async def test_letters_to_others_do_not_name_her(stage: Stage, name: str) -> None:
    """Whatever her name is made of; and nobody else's letters lose their subject."""
    her = await stage.joins(name=name)
    async with stage.session() as session:
        for subject in (f"News of {name}", "News of January"):
            session.add(
                Letter(
                    organisation_id=stage.made.id, key=subject, kind="x", person_id=stage.by.person_id, language="en",
                    about={}, state="sent", due_at=clock.now(), subject=subject,
                )
            )  # fmt: skip
    await erasing.erased(stage.ground, her.actor)
    async with stage.session() as session:
        query = select(Letter.subject).where(Letter.kind == "x").order_by(Letter.key)
        kept = {one for one in (await session.execute(query)).scalars() if one is not None}
    assert "News of January" in kept
    assert all(name not in one for one in kept) or name in (".*", "Jan")


async def test_odd_addresses_go_from_others_words(stage: Stage) -> None:
    address = "o'd+d.x_%@secret.example"
    her = await stage.joins()
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == her.person_id).values(email=address))
    other = await stage.joins(name="Ana Ilić")
    await _set(stage, other, told={"supervisor_email": f"x {address} y"}, supervisor_email=address.upper())
    await erasing.erased(stage.ground, (await stage.joins(name="Third")).actor)
    await erasing.erased(stage.ground, her.actor)
    assert (
        "secret.example"
        not in "".join((await erasing.everything(stage.ground, stage.made.id)).values()).lower()
    )


async def test_trail_verifies_and_names_an_empty_row(stage: Stage) -> None:
    from tenants.audit import queries as audit
    from tenants.audit.chain import Walk

    her = await stage.joins()
    await erasing.erased(stage.ground, her.actor)
    walk = Walk(stage.made.id)
    async with stage.session() as session:
        faults = [fault async for links in audit.links(session) for fault in walk.along(links)]
        events = list(
            await session.scalars(select(AuditEvent.event).where(AuditEvent.event.like("privacy.%")))
        )
        person = (await session.execute(select(Person).where(Person.id == her.person_id))).scalar_one()
    assert faults == []
    assert sorted(events) == ["privacy.erasure_asked", "privacy.erasure_begun", "privacy.erasure_done"]
    assert (person.full_name, person.email, person.is_active) == (
        "Somebody whose data was deleted",
        None,
        False,
    )


async def test_who_was_deleted_is_nobody_to_anybody(stage: Stage) -> None:
    her = await stage.joins()
    await erasing.erased(stage.ground, her.actor)
    async with stage.session(stage.by) as session:
        with pytest.raises(NotFound):
            await people.access_person(session, stage.by, her.person_id)
        listed = await people.people(session, stage.by, is_active=None)
    assert her.person_id not in {one.id for one in listed}


async def test_wish_is_taken_back(stage: Stage) -> None:
    her = await stage.joins(email="wanjiru@example.org")
    wish = await erasing.asked(stage.ground, her.actor)
    async with stage.session(her.actor) as session:
        await asking.keep(session, her.actor, wish.id)
    standing = await erasing.done(stage.ground, wish)
    assert standing.state == ErasureState.CANCELLED
    assert await stage.status(her) == "READY TO BE MATCHED"
    again = await erasing.asked(stage.ground, her.actor)
    assert (again.id != wish.id, again.state) == (True, ErasureState.ASKED)


@pytest.mark.parametrize("asked_first", ["herself", "by her coordinator"])
async def test_coordinator_does_not_take_back_her_own_wish(stage: Stage, asked_first: str) -> None:
    her = await stage.joins()
    if asked_first != "herself":
        await erasing.asked(stage.ground, stage.by, her.person_id)
    wish = await erasing.asked(stage.ground, her.actor)
    async with stage.session(stage.by) as session:
        with pytest.raises(rules.OwnWish):
            await asking.keep(session, stage.by, wish.id)
    async with stage.session(her.actor) as session:
        assert (await asking.keep(session, her.actor, wish.id)).state == ErasureState.CANCELLED


async def test_asking_twice_is_one_wish(stage: Stage) -> None:
    her = await stage.joins()
    assert (await erasing.asked(stage.ground, her.actor)).id == (
        await erasing.asked(stage.ground, her.actor)
    ).id


async def test_what_is_done_is_not_taken_back(stage: Stage) -> None:
    her = await stage.joins()
    wish = await erasing.erased(stage.ground, her.actor)
    async with stage.session(her.actor) as session:
        with pytest.raises(rules.ErasureBegun):
            await asking.keep(session, her.actor, wish.id)


async def test_needs_a_fresh_proof(stage: Stage) -> None:
    her = await stage.joins()
    async with stage.session(her.actor) as session:
        with pytest.raises(StepUpNeeded):
            await asking.ask(session, her.actor, her.person_id)


async def test_coordinator_asks_for_a_participant(stage: Stage) -> None:
    her = await stage.joins()
    wish = await erasing.asked(stage.ground, stage.by, her.person_id)
    assert wish.asked_by == stage.by.person_id
    assert (await erasing.done(stage.ground, wish)).state == ErasureState.DONE


async def test_coordinator_lets_no_colleague_go(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await erasing.asked(stage.ground, stage.made.owner, stage.by.require_person())
    from tenants.permissions import Role
    from tests import making

    colleague = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, name="Cleo Colleague")
    with pytest.raises(rules.RunsOrganisation):
        await erasing.asked(stage.ground, stage.by, colleague.require_person())


async def test_last_owner_stays(stage: Stage) -> None:
    with pytest.raises(LastOwner):
        await erasing.asked(stage.ground, stage.made.owner)


async def test_nobody_learns_of_another_wish(stage: Stage) -> None:
    her, other = await stage.joins(), await stage.joins(name="Ana Ilić")
    wish = await erasing.asked(stage.ground, her.actor)
    async with stage.session(other.actor) as session:
        with pytest.raises(NotFound):
            await queries.access_erasure(session, other.actor, wish.id)
        with pytest.raises(NotFound):
            await asking.ask(session, erasing.fresh(other.actor), her.person_id)


async def test_backup_brings_nobody_back(stage: Stage) -> None:
    """Her key has a tombstone in both databases; whoever is here all the same is deleted at the next sweep."""
    her = await stage.joins()
    await erasing.erased(stage.ground, her.actor)
    async with stage.session() as session:
        back = {
            "full_name": "Wanjiru Kamau",
            "email": "back@example.org",
            "erased_at": None,
            "is_active": True,
        }
        await session.execute(update(Person).where(Person.id == her.person_id).values(back))
        await carrying_out.clear_risen(session, stage.made.house)
        again = (
            await session.execute(select(Erasure).where(Erasure.state == ErasureState.ASKED))
        ).scalar_one()
    assert (await erasing.done(stage.ground, again)).state == ErasureState.DONE
    assert "back@example.org" not in "".join((await erasing.everything(stage.ground, stage.made.id)).values())
    async with stage.session() as session:
        assert await carrying_out.risen(session) == []
