"""Decisions about a preview: what they change, that they may be repeated, and that nobody's is overwritten unseen."""

from uuid import UUID

import pytest
from sqlalchemy import select

from infra import ids
from infra.errors import Forbidden, NotFound
from infra.ground import Ground
from tenants.audit.models import AuditEvent
from tenants.organisations import actions as organisations
from tenants.organisations.models import Office
from tenants.permissions import Role
from tenants.programmes.models import Topic
from tenants.programmes.starters import StarterName
from tenants.registration.importing import actions, queries
from tenants.registration.importing.becoming import OTHER_TOPICS
from tenants.registration.importing.rules import ConsentUnsaid, ImportChanged, ImportClosed, NothingToImport
from tenants.registration.models import ImportState, RowState, Status
from tenants.registration.roster.choices import WrongChoice
from tenants.registration.rules import InterviewNotHeld
from tests import making
from tests.tenants.registration.importing.desk import FULL, Desk, desk
from tests.tenants.registration.roster.books import HEADER, as_csv

ANA = ("Ana Ilić", "ana@example.org", "Mentor")


@pytest.fixture
async def at(ground: Ground) -> Desk:
    return await desk(ground)


async def offices(at: Desk, *names: str) -> dict[str, UUID]:
    async with at.ground.database.tenant_session(at.made.owner.context()) as session:
        return {
            name: (
                await organisations.open_office(
                    session, at.made.owner, name=name, time_zone="Europe/Sarajevo"
                )
            ).id
            for name in names
        }


async def test_choice_for_a_group_mends_its_rows(at: Desk) -> None:
    import_id = await at.people(
        ANA, ("Bo", "bo (at) example.org", "Mentor"), ("Cy", "cy(at)example.org", "Mentee")
    )
    assert (await at.of(import_id)).counts["to_commit"] == 1

    chosen = await at.choose(import_id, groups={"emails": "accept"})
    assert chosen.counts["to_commit"] == 3
    back = await at.choose(import_id, groups={"emails": None})
    assert back.counts["to_commit"] == 1


async def test_what_a_word_means_is_said_once_and_remembered(at: Desk) -> None:
    header = (*HEADER, "Languages")
    rows = [(f"P {n}", f"p{n}@example.org", "Mentor", "BCMS (fluent); English") for n in range(3)]
    import_id = await at.people(*rows, header=header)
    assert (await at.of(import_id)).counts["refused"] == 3

    chosen = await at.choose(import_id, readings={"languages": {"BCMS": "Bosnian"}})
    assert chosen.counts["refused"] == 0
    languages = (await at.rows(import_id))[2].values["languages"]
    assert languages[0] == {"code": "bs", "level": "fluent"}
    await at.commit(import_id)

    later = await at.people(("Q", "q@example.org", "Mentee", "BCMS"), header=header)
    assert (await at.of(later)).counts["refused"] == 0


async def test_mapping_is_remembered_for_the_same_headers(at: Desk) -> None:
    header = ("Wer", "Adresse", "Was", "Bemerkung")
    rows = [("Ana Ilić", "ana@example.org", "Mentor", "gut")]
    import_id = await at.people(*rows, header=header)
    first = await at.of(import_id)
    columns = {"0": "full_name", "1": "email", "2": "role", "3": "motivation"}
    mapped = await at.do(actions.map_columns, import_id, columns=columns)
    assert (mapped.state, mapped.counts["to_commit"], mapped.version) == (
        ImportState.STAGED,
        1,
        first.version + 1,
    )

    later = await at.of(await at.people(("Bo Li", "bo@example.org", "Mentee", "neu"), header=header))
    assert later.mapping["columns"] == columns
    assert {one["why"] for one in later.reading["found"]["suggestions"]} == {"remembered"}


async def test_one_row_is_corrected_and_left_out(at: Desk) -> None:
    import_id = await at.people(ANA, ("Bo", "bo@", "Mentor"))
    mended = await at.choose(import_id, rows={"3": {"email": "bo@example.org"}})
    assert mended.counts["to_commit"] == 2
    left = await at.choose(import_id, skip=[2])
    assert left.counts["to_commit"] == 1
    done = await at.commit(import_id)
    assert done.counts["imported"] == 1
    states = {number: row.state for number, row in (await at.rows(import_id)).items()}
    assert states == {2: RowState.REFUSED, 3: RowState.IMPORTED}


async def test_same_choice_twice_changes_nothing(at: Desk) -> None:
    import_id = await at.people(ANA)
    version = (await at.of(import_id)).version
    first = await at.do(actions.choose, import_id, version=version, choices={"groups": {"emails": "accept"}})
    again = await at.do(actions.choose, import_id, version=version, choices={"groups": {"emails": "accept"}})
    assert first.version == again.version == version + 1


async def test_two_coordinators_at_once_hear_of_each_other(at: Desk) -> None:
    import_id = await at.people(ANA)
    version = (await at.of(import_id)).version
    other = await making.somebody(at.ground.database, at.made.id, Role.COORDINATOR, name="Dora")
    await at.do(actions.choose, import_id, version=version, choices={"groups": {"emails": "accept"}})

    for action, facts in (
        (actions.choose, {"choices": {"groups": {"units": "leave_out"}}}),
        (actions.map_columns, {"columns": {"0": "full_name"}}),
        (actions.read_as, {"reading": {"delimiter": ";"}}),
        (actions.commit, {"status": Status.REGISTERED, "have_agreed": True}),
    ):
        with pytest.raises(ImportChanged) as refusal:
            await at.do(action, import_id, by=other, version=version, **facts)
        assert refusal.value.facts == {"version": version, "found": version + 1}


async def test_choice_that_does_not_exist_is_refused(at: Desk) -> None:
    import_id = await at.people(ANA)
    with pytest.raises(WrongChoice):
        await at.choose(import_id, groups={"emails": "forge"})
    with pytest.raises(WrongChoice):
        await at.choose(import_id, readings={"shoe_size": {"40": "41"}})


async def test_unknown_topic_is_kept_aside_unless_it_is_given_a_meaning(at: Desk) -> None:
    header = (*HEADER, "Topics I can cover")
    rows = [("Ana", "ana@example.org", "Mentor", "Beekeeping; Leadership")]
    import_id = await at.people(*rows, header=header)
    await at.commit(import_id)
    [part] = await at.participations()
    assert (part.topics_offered, part.answers) == (
        ["leadership"],
        {OTHER_TOPICS: {"offered": ["Beekeeping"]}},
    )

    other = await at.people(("Bo", "bo@example.org", "Mentor", "Beekeeping; Leadership"), header=header)
    await at.choose(other, readings={"topics_offered": {"Beekeeping": "Entrepreneurship"}})
    await at.commit(other)
    assert (await at.participations())[1].topics_offered == ["entrepreneurship", "leadership"]


async def test_new_topic_is_the_programme_managers_to_add_and_goes_with_a_revert(at: Desk) -> None:
    header = (*HEADER, "Topics I can cover")
    import_id = await at.people(("Ana", "ana@example.org", "Mentor", "Beekeeping"), header=header)
    with pytest.raises(Forbidden):
        await at.choose(import_id, new_topics=["Beekeeping"])

    manager = await making.somebody(at.ground.database, at.made.id, Role.PROGRAMME_MANAGER)
    before = await at.count(Topic)
    await at.do(actions.choose, import_id, by=manager, choices={"new_topics": ["Beekeeping"]})
    await at.commit(import_id)
    [part] = await at.participations()
    assert part.topics_offered == ["beekeeping"]
    assert await at.count(Topic) == before + 1
    assert (await at.revert(import_id)).state == ImportState.REVERTED
    assert await at.count(Topic) == before


async def test_unknown_office_is_given_a_meaning_or_opened_by_who_may(ground: Ground) -> None:
    at = await desk(ground, starter=StarterName.MENTOR_NETWORK)
    known = await offices(at, "Sarajevo", "Tuzla")
    header = (*HEADER, "Office")
    import_id = await at.people(
        ("Ana", "ana@example.org", "Mentor", "Zenica"),
        ("Bo", "bo@example.org", "Mentee", "tuzla"),
        header=header,
    )
    assert (await at.of(import_id)).counts["refused"] == 1
    with pytest.raises(Forbidden):
        await at.choose(import_id, groups={"units": "create"})
    await at.choose(import_id, readings={"organisation_unit": {"Zenica": "Sarajevo"}})
    await at.commit(import_id)
    assert {part.office_id for part in await at.participations()} == {known["Sarajevo"], known["Tuzla"]}

    both = await making.somebody(ground.database, at.made.id, Role.OWNER, Role.COORDINATOR)
    later = await at.people(("Cy", "cy@example.org", "Mentor", "Mostar"), header=header)
    await at.do(actions.choose, later, by=both, choices={"groups": {"units": "create"}})
    done = await at.commit(later)
    assert len(done.counts["made"]["offices"]) == 1
    assert await at.count(Office) == 3
    assert (await at.revert(later)).state == ImportState.REVERTED
    assert await at.count(Office) == 2


async def test_commit_asks_for_consent_interviews_and_rows(ground: Ground) -> None:
    at = await desk(ground, starter=StarterName.MENTOR_NETWORK)  # it wants interviews
    import_id = await at.people(("Ana", "ana@", "Mentor"))
    with pytest.raises(NothingToImport):
        await at.commit(import_id)
    await at.choose(import_id, rows={"2": {"email": "ana@example.org"}})
    with pytest.raises(ConsentUnsaid):
        await at.do(actions.commit, import_id, status=Status.REGISTERED)
    with pytest.raises(InterviewNotHeld):
        await at.commit(import_id, Status.READY)
    await at.commit(import_id, Status.READY, interviews_held=True)
    with pytest.raises(ImportClosed):
        await at.choose(import_id, skip=[2])


async def test_ready_is_only_whose_profile_is_complete(ground: Ground) -> None:  # K10
    at = await desk(ground, starter=StarterName.MENTOR_NETWORK)
    whole = (
        "Ana",
        "ana@example.org",
        "Mentor",
        "+45 70123456",
        "English",
        "Europe/Copenhagen",
        "Leadership",
        "",
        "2",
    )
    import_id = await at.people(whole, ("Bo", "bo@example.org", "Mentor", *[""] * 6), header=FULL)
    done = await at.commit(import_id, Status.READY, interviews_held=True)
    parts = {part.status: part for part in await at.participations()}
    assert set(parts) == {Status.READY, Status.REGISTERED}
    assert parts[Status.READY].interviewed_on is not None
    assert parts[Status.REGISTERED].interviewed_on is None
    assert (done.counts["ready"], done.counts["participations"]) == (1, 2)
    async with ground.database.tenant_session(at.actor.context()) as session:
        query = select(AuditEvent.details).where(AuditEvent.event == "roster.commit_asked")
        [details] = (await session.execute(query)).scalars()
    assert (details["status"], details["interviews_held"]) == ("READY TO BE MATCHED", True)


async def test_second_click_commits_once(at: Desk) -> None:
    import_id = await at.people(ANA)
    version = (await at.of(import_id)).version
    for _ in range(2):
        async with at.ground.database.tenant_session(at.actor.context()) as session:
            await actions.commit(
                session, at.actor, import_id, version=version, status=Status.REGISTERED, have_agreed=True
            )
    assert (await at.work()).count("roster.commit") == 1
    assert len(await at.participations()) == 1
    done = await at.do(actions.commit, import_id, version=version, status=Status.REGISTERED, have_agreed=True)
    assert done.counts["imported"] == 1


async def test_same_file_uploaded_twice_at_once_is_one_import(at: Desk) -> None:
    content = as_csv([HEADER, ANA])
    assert await at.upload(content) == await at.upload(content)
    changed = await at.upload(as_csv([HEADER, ANA, ("Bo", "bo@example.org", "Mentee")]))
    assert changed != await at.upload(content)


async def test_discarded_file_is_forgotten_at_once(at: Desk) -> None:
    import_id = await at.people(ANA)
    gone = await at.do(actions.discard, import_id)
    assert gone.state == ImportState.DISCARDED
    assert await at.rows(import_id) == {}
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        found = await queries.with_file(session, import_id)
        assert found is not None
        assert found.file is None


async def test_coordinator_of_one_office_imports_into_it_and_sees_her_own_imports(ground: Ground) -> None:
    at = await desk(ground, starter=StarterName.MENTOR_NETWORK)
    known = await offices(at, "Sarajevo", "Tuzla")
    local = await making.somebody(
        ground.database, at.made.id, Role.COORDINATOR, name="Lana", office_id=known["Tuzla"]
    )
    header = (*HEADER, "Office")
    content = as_csv(
        [header, ("Ana", "a@example.org", "Mentor", "Sarajevo"), ("Bo", "b@example.org", "Mentor", "")]
    )
    import_id = await at.upload(content, by=local)
    assert (await at.of(import_id)).counts["to_commit"] == 1  # Sarajevo is not hers
    await at.do(actions.commit, import_id, by=local, version=1, status=Status.REGISTERED, have_agreed=True)
    [part] = await at.participations()
    assert part.office_id == known["Tuzla"]

    others = await at.people(("Cy", "cy@example.org", "Mentor"))
    async with ground.database.tenant_session(local.context()) as session:
        assert [one.id for one in await queries.imports(session, local)] == [import_id]
        with pytest.raises(NotFound):
            await queries.access_import(session, local, others)


async def test_unknown_import_is_not_found(at: Desk) -> None:
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        for look in (queries.access_import, queries.rows, queries.refused_rows):
            with pytest.raises(NotFound):
                await look(session, at.actor, ids.new())
        participant = await making.somebody(at.ground.database, at.made.id, Role.PARTICIPANT)
        with pytest.raises(Forbidden):
            await queries.imports(session, participant)
