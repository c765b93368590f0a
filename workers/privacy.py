"""Jobs of data rights: copies, and deletions that go on where they stopped."""

from infra import clock, language
from infra.errors import NotFound
from infra.keys.errors import KeyDestroyed
from infra.keys.owners import KeyOwner
from tenants.organisations import queries as organisations
from tenants.people import queries as people
from tenants.privacy import copies, erasing, gathering, telling
from tenants.privacy.jobs import ErasePerson, MakeCopy
from tenants.privacy.models import ErasureState
from tenants.tables import metadata
from workers.handling import Work, handles
from workers.letters import load_writers


@handles(MakeCopy, alone=True)
async def make_copy(work: Work, job: MakeCopy) -> None:
    """Nothing if it has been made, or she has gone."""
    load_writers()  # which letters were for her work is known to those who write them
    async with work.reading() as session:
        copy = await copies.wanted(session, job.copy_id)
        if copy is None:
            return
        try:
            person = await people.access_person(session, work.actor, copy.person_id)
        except NotFound:
            return
        found = await gathering.gather(session, metadata, person)
        name = (await organisations.own(session)).name
    with language.use(copy.language):
        now = clock.now()
        machine = telling.as_json(found, organisation=name, made_at=now)
        readable = telling.as_pdf(found, organisation=name, made_at=now)
    keys = work.ground.keys
    try:
        sealed = [
            await copies.seal(keys, copy, "readable", readable),
            await copies.seal(keys, copy, "machine", machine),
        ]
    except KeyDestroyed:
        return  # deleted while this was being written
    async with work.session() as session:
        await copies.made(session, work.actor, job.copy_id, readable=sealed[0], machine=sealed[1])


@handles(ErasePerson, alone=True)
async def erase_person(work: Work, job: ErasePerson) -> None:
    """Each step finds what the one before has left, so that a job killed anywhere ends the same."""
    async with work.session() as session:
        erasure = await erasing.due(session, job.erasure_id)
        if erasure is None:
            return
        parts = await erasing.leave(session, work.actor, erasure.person_id)
    for participation_id in parts:
        async with work.session() as session:
            await erasing.close(session, work.actor, participation_id)
        async with work.session() as session:
            await erasing.part(session, work.actor, participation_id)
    async with work.session() as session:
        erasure = await erasing.due(session, job.erasure_id)
        if erasure is None:
            return
        await erasing.say_goodbye(session, work.actor, erasure)
        await session.flush()
        if not await erasing.letters_are_gone(session, metadata, erasure):
            await erasing.look_again(session, erasure)
            return
        person_id = erasure.person_id
    # Her key first: were the process to end here, what was sealed is lost already, and the rows go at the next try.
    await work.ground.keys.destroy(KeyOwner(work.actor.organisation_id, person_id))
    async with work.session() as session:
        erasure = await erasing.due(session, job.erasure_id)
        if erasure is not None and erasure.state == ErasureState.LEAVING:
            await erasing.forget(session, work.actor, metadata, erasure)
