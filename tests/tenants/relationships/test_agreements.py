"""Agreements: the copy that is due, a signature and what it stands for, amendments, reviews, groups, deletions."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.errors import Invalid, NotFound
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.privacy import finding, forgetting
from tenants.programmes.models import Structure
from tenants.relationships import actions as cases
from tenants.relationships import parties, rules
from tenants.relationships.agreements import actions, memos, printing, queries, reviews, templates
from tenants.relationships.agreements.models import Agreement, AgreementState, AgreementText, Form
from tenants.relationships.agreements.rules import (
    DEEDS,
    AgreementClosed,
    AgreementUnfinished,
    ChangedMeanwhile,
    Deed,
    NoAgreement,
    TextOutdated,
)
from tenants.relationships.agreements.texts import LANGUAGES, shipped
from tenants.relationships.models import EndReason
from tenants.tables import metadata
from tests import erasing
from tests.agreeing import CONTENT, act, fill, see, sign, signed
from tests.pairing import MONDAY
from tests.pairing import stage as set_stage
from tests.parties import begun, says, sent


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor = await stage.joins("mentor", name="Njeri Mwangi", capacity=2)
        mentee = await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def tasks(stage, kind, *, is_open=True):
    async with stage.session() as session:
        query = select(Task.due_on).where(Task.kind == kind)
        return list(
            (await session.execute(query.where(Task.done_at.is_(None)) if is_open else query)).scalars()
        )


async def sweep(stage, hand, day):
    hand.move_to(clock.instant(day, clock.now().time(), "UTC"))
    for _ in range(2):
        async with stage.session() as session:
            await reviews.ask(session, stage.made.house)


def test_texts_say_the_same_in_every_language():  # K50 K51 K52 K53 K54 K55 K56 K58
    assert LANGUAGES == ("ar", "da", "en", "fr")
    for form in Form:
        shapes = {
            tuple((one["code"], len(one["points"])) for one in shipped(form, code)["sections"])
            for code in LANGUAGES
        }
        assert len(shapes) == 1, form
        assert len({shipped(form, code)["title"] for code in LANGUAGES}) == 4
    sizes = {one["code"]: len(one["points"]) for one in shipped("toolbox", "en")["sections"]}
    assert sizes == {"mentor": 5, "mentee": 5, "clauses": 7, "ending": 3, "review": 1}
    assert [len(one["points"]) for one in shipped("annex", "en")["sections"]] == [9, 2]
    for memo in ("memo_mentee", "memo_mentor"):
        assert [len(one["points"]) for one in shipped(memo, "en")["sections"]] == [10]
    for code in LANGUAGES:
        assert len(shipped("toolbox", code)["purposes"]) == 11 and len(shipped("annex", code)["ways"]) == 4


async def test_a_copy_is_due_in_three_weeks_unless_it_is_there(stage, case):  # K37 K34
    _, mentor, mentee, pair = case
    assert await tasks(stage, "agreement.copy") == [date(2026, 12, 14)]
    await signed(stage, pair.id, mentor, mentee)
    assert await tasks(stage, "agreement.copy") == []
    assert await tasks(stage, "agreement.signed") == [date(2026, 11, 23)]
    other = await stage.pair(mentor, await stage.joins(name="Amina"))
    async with stage.session(stage.by) as session:
        await cases.end(session, stage.by, other.id, reason=EndReason.NO_CONTACT)
    assert await tasks(stage, "agreement.copy") == []


async def test_two_at_once_lose_nothing_and_a_change_voids(stage, case):  # K49
    _, mentor, mentee, pair = case
    with pytest.raises(Invalid) as refused:
        await fill(stage, mentor, pair.id, replace(CONTENT, purposes=("job", "listener", "education", "internship", "other"), other_purposes="x"))  # fmt: skip
    assert [one.code for one in refused.value.problems] == ["agreement_purposes"]  # K56
    with pytest.raises(AgreementClosed):
        await sign(stage, mentor, pair.id)
    await fill(stage, mentor, pair.id, replace(CONTENT, purposes=()))
    with pytest.raises(AgreementUnfinished):
        await sign(stage, mentor, pair.id)
    await fill(stage, mentor, pair.id, replace(CONTENT, expectations={mentee.id: "Honest answers"}))
    with pytest.raises(ChangedMeanwhile):
        await fill(stage, mentee, pair.id, seen=1)
    first = await see(stage, mentor, pair.id)
    assert (first.revision, first.content.expectations) == (2, {mentee.id: "Honest answers"})
    for language in ("en", "fr", "en"):  # on two tabs: whoever signs once more has signed what she read last
        await sign(stage, mentor, pair.id, language)
        [hers] = (await see(stage, mentee, pair.id)).signed
        assert hers.signature.language == language
    assert await fill(stage, mentee, pair.id, first.content) and (await see(stage, mentee, pair.id)).signed
    await fill(stage, mentee, pair.id, replace(CONTENT, frequency="Every Friday"))
    assert (await see(stage, mentor, pair.id)).signed == []
    assert (await stage.letters(mentor))[-1] == "agreement.changed"
    with pytest.raises(TextOutdated):
        await act(stage, mentor, actions.sign, pair.id, language="en", digest=first.digest)
    stranger = await stage.joins(name="Eve")
    for action in (actions.amend, actions.drop, actions.review):
        with pytest.raises(NotFound):
            await act(stage, stranger, action, pair.id)


async def test_the_text_under_a_signature_is_never_changed(stage, case):  # K52
    _, mentor, mentee, pair = case
    manager = stage.made.owner
    await fill(stage, mentor, pair.id)
    await sign(stage, mentor, pair.id)
    programme_id = stage.launched.programme.id
    async with stage.session(manager) as session:
        before = await templates.current(session, programme_id, "toolbox", "en")
        own = {one["code"]: "\n".join(one["points"]) for one in before.body["sections"]}
        wanted = {**own, "title": "Our promise", "intro": "", "mentor": "She brings cake."}
        made = await templates.write(
            session, manager, programme_id, "toolbox", "en", wanted, seen=before.digest
        )
        with pytest.raises(ChangedMeanwhile):
            await templates.write(session, manager, programme_id, "toolbox", "en", wanted, seen=before.digest)
    assert (made.number, made.is_shipped) == (2, False)
    stale = await see(stage, mentee, pair.id)
    assert stale.text.body["title"] == "Our promise"
    [hers] = stale.signed
    assert hers.text.body["title"] == "Our mentoring agreement" and hers.text.digest == before.digest
    assert stale.is_whole(hers)
    await sign(stage, mentee, pair.id)
    # In force, each reads what she has signed, and the coordinator one of both.
    titles = [(await see(stage, one, pair.id)).text.body["title"] for one in (mentor, mentee)]
    assert titles == ["Our mentoring agreement", "Our promise"]
    for one, title in ((mentor, titles[0]), (mentee, titles[1])):
        shown = await see(stage, one, pair.id, "fr")
        async with stage.session(one.actor) as session:
            assert (await printing.document(session, shown, "fr")).title == title
        assert shown.digest in {each.signature.digest for each in shown.signed}
    async with stage.session() as session:
        numbers = (
            await session.execute(select(AgreementText.number).order_by(AgreementText.number))
        ).scalars()
        assert list(numbers) == [1, 2]
    async with stage.session(manager) as session:
        back = await templates.write_ours(session, manager, programme_id, "toolbox", "en")
    assert (back.number, back.is_shipped, back.digest) == (3, True, before.digest)


async def test_an_amendment_holds_once_all_have_signed_it(stage, case):  # K52
    _, mentor, mentee, pair = case
    first = await signed(stage, pair.id, mentor, mentee)
    assert (await sign(stage, mentee, pair.id, "\0")).state == AgreementState.IN_FORCE  # a second click
    assert len((await see(stage, mentor, pair.id)).signed) == 2
    with pytest.raises(AgreementClosed):
        await fill(stage, mentor, pair.id)
    await act(stage, mentee, actions.amend, pair.id)
    shown = await see(stage, mentor, pair.id)
    assert (shown.number, shown.content, shown.in_force.id) == (2, CONTENT, first.id)
    await act(stage, mentor, actions.drop, pair.id)
    assert (await see(stage, mentor, pair.id)).number == 1
    await act(stage, mentor, actions.amend, pair.id)
    await fill(stage, mentor, pair.id, replace(CONTENT, frequency="Twice a month"))
    await sign(stage, mentor, pair.id)
    assert (await see(stage, mentee, pair.id)).in_force.id == first.id
    await sign(stage, mentee, pair.id)
    async with stage.session() as session:
        states = (await session.execute(select(Agreement.state).order_by(Agreement.number))).scalars()
        assert list(states) == ["replaced", "dropped", "in_force"]
    assert await tasks(stage, "agreement.amended") == [date(2026, 11, 23)]


async def test_once_a_year_they_look_at_it_again(stage, case):  # K54
    hand, mentor, mentee, pair = case
    async with stage.session(stage.made.owner) as session:
        await templates.choose(
            session, stage.made.owner, pair.programme_id, templates.Setting(review_months=6)
        )
    await signed(stage, pair.id, mentor, mentee)
    await sweep(stage, hand, date(2027, 5, 22))
    assert await tasks(stage, "agreement.review") == []
    await sweep(stage, hand, date(2027, 5, 23))
    assert await tasks(stage, "agreement.review") == [date(2027, 5, 23)]
    assert (await stage.letters(mentee)).count("agreement.review") == 1
    await act(stage, mentee, actions.review, pair.id)
    assert await tasks(stage, "agreement.review") == []
    await sweep(stage, hand, date(2027, 11, 23))
    assert await tasks(stage, "agreement.review") == [date(2027, 11, 23)]
    assert (await stage.letters(mentor)).count("agreement.review") == 2
    async with stage.session(stage.by) as session:
        await cases.end(session, stage.by, pair.id, reason=EndReason.TERM_OVER)
    assert await tasks(stage, "agreement.review") == []
    for action in (actions.amend, actions.review):
        with pytest.raises(rules.RelationshipEnded):
            await act(stage, mentor, action, pair.id)
    assert (await see(stage, mentor, pair.id)).state == AgreementState.IN_FORCE


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("state", list(AgreementState))
def test_each_state_allows_its_deeds_alone(state, deed):
    from tenants.relationships.agreements.rules import allowed

    one = Agreement(state=state)
    if deed in DEEDS[state]:
        assert allowed(one, deed) is one
    else:
        with pytest.raises(AgreementClosed):
            allowed(one, deed)


async def test_everybody_of_a_circle_signs_and_who_leaves_holds_nobody_up(database, ground):  # U05
    stage = await set_stage(database, ground, structure=Structure.CIRCLE)
    people = [await stage.joins("peer", name=f"Peer {n}") for n in range(4)]
    [party] = await sent(stage, people, least=3)
    for one in people:
        await says(stage, party, one, yes=True)
    found = await begun(stage, party)
    assert found is not None
    relationship = found[0]
    await fill(stage, people[0], relationship.id)
    for one in people[:3]:
        assert (await sign(stage, one, relationship.id)).state == AgreementState.DRAFT
    async with stage.session(stage.by) as session:
        await parties.remove(session, stage.by, relationship.id, people[3].id)
    assert (await see(stage, people[0], relationship.id)).state == AgreementState.IN_FORCE
    with pytest.raises(NotFound):
        await see(stage, people[3], relationship.id)


async def test_a_coffee_talk_has_none(database, ground):
    stage = await set_stage(database, ground, structure=Structure.COFFEE)
    mentor, mentee = await stage.joins("mentor", name="Njeri"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    assert await tasks(stage, "agreement.copy") == []
    with pytest.raises(NoAgreement):
        await fill(stage, mentor, pair.id, seen=0)


async def test_memo_is_read_once_in_its_language(stage, case):  # K58
    _, mentor, mentee, _ = case
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(language="fr"))
    async with stage.session(mentee.actor) as session:
        [memo] = await memos.own(session, mentee.actor, "fr")
        assert memo.text.form == Form.MEMO_MENTEE and "bénévole" in memo.text.body["sections"][0]["points"][0]
        with pytest.raises(TextOutdated):
            await memos.acknowledge(session, mentee.actor, mentee.id, language="fr", digest="0" * 64)
        with pytest.raises(NotFound):
            await memos.acknowledge(session, mentee.actor, mentor.id, language="fr", digest=memo.text.digest)
        for _ in range(2):
            read = await memos.acknowledge(
                session, mentee.actor, mentee.id, language="fr", digest=memo.text.digest
            )
    assert (read.read_in, read.read_at is not None) == ("fr", True)
    async with stage.session(mentor.actor) as session:
        [memo] = await memos.own(session, mentor.actor, "en")
        assert (memo.text.form, memo.read_at) == (Form.MEMO_MENTOR, None)


async def test_a_deletion_takes_the_words_and_leaves_the_others_signature(stage):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins(name="Amal Haddad")
    pair = await stage.pair(mentor, mentee)
    told = replace(
        CONTENT, aims="The flute", expectations={mentee.id: "flute lessons", mentor.id: "her own time"}
    )
    await fill(stage, mentee, pair.id, told)
    for one in (mentor, mentee):
        await sign(stage, one, pair.id)
    async with stage.session() as session:
        her = (await session.execute(select(Person).where(Person.id == mentee.person_id))).scalar_one()
        await forgetting.forget(session, await finding.find(session, metadata, her))
    left = await erasing.everything(stage.ground, stage.made.id)
    assert [table for table, words in left.items() if "flute" in words] == []
    shown = await see(stage, mentor, pair.id)
    assert shown.content.expectations[mentor.id] == "her own time"
    assert {one.participation_id for one in shown.signed} == {mentor.id, mentee.id}
    assert [shown.is_whole(one) for one in shown.signed] == [False, False]
    async with stage.session(stage.by) as session:
        assert (await queries.of_case(session, stage.by, pair.id, "en")).state == AgreementState.IN_FORCE
