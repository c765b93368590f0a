"""The letters that ask whether people meet: after a meeting, after a long silence, and where nothing was heard."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, moment_words
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.relationships import staying
from tenants.relationships.addressing import case_of
from tenants.relationships.keeping import met, not_heard, rhythm, wording
from tenants.relationships.keeping.models import NotHeard
from tenants.relationships.models import Meeting, MeetingState
from tenants.relationships.wording import WHEN


@letter("meeting.did_you_meet", title=N_("Did you meet?"), may_drop=True, words=wording.DID_YOU_MEET)
async def did_you_meet(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Only while nobody has said: one yes is enough."""
    case = await case_of(session, promised)
    query = select(Meeting).where(Meeting.id == UUID(promised.about["meeting_id"]))
    meeting = (await session.execute(query)).scalar_one_or_none()
    if (
        case is None
        or meeting is None
        or meeting.state != MeetingState.AGREED
        or meeting.starts_at > clock.now()
        or not await staying.stays(session, case.relationship.id, case.participation_id)
    ):
        return None
    when = moment_words(meeting.starts_at, case.zone, clock.today(case.zone))
    return Filling(
        {**case.who(session), WHEN: when},
        button=(_("Tell us"), desk.link("/met", met.PURPOSE, UUID(promised.about["answer_id"]))),
        after=[_("If it did not work out, that is no harm: it happens. You may find another day on your page.")],
    )  # fmt: skip


@letter("relationship.quiet", title=N_("When do you meet next?"), words=wording.QUIET)
async def quiet(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K52. Nothing is blamed on anybody, and nothing is said to one that is not said to the other."""
    case = await case_of(session, promised)
    # By the organisation's clock, as the silence is counted.
    day = date.fromisoformat(promised.about["since"])
    if case is None or await _meets(session, case.relationship.id, day, desk.time_zone):
        return None
    if not await staying.stays(session, case.relationship.id, case.participation_id):
        return None
    since = day_words(day, clock.today(case.zone), relative=False)
    return Filling(
        {**case.who(session), wording.SINCE: since},
        button=(_("Propose a time"), desk.url(f"/me/pair/{case.relationship.id}")),
        after=[_("If something makes it hard to meet, your coordinator is glad to help. Nobody is blamed.")],
    )  # fmt: skip


async def _meets(session: AsyncSession, relationship_id: UUID, since: date, zone: str) -> bool:
    """Whether the silence is over by now: they have met, or are to meet."""
    query = select(Meeting).where(Meeting.relationship_id == relationship_id)
    for one in (await session.execute(query)).scalars():
        is_to_come = one.state == MeetingState.AGREED and one.starts_at > clock.now() - rhythm.UNSAID
        was_held = one.state == MeetingState.HELD and clock.local(one.starts_at, zone).date() > since
        if is_to_come or was_held:
            return True
    return False


@letter("relationship.not_heard", title=N_("We have not heard from you"), words=wording.NOT_HEARD)
async def ask(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K38, in our own words. K34: agreement and plan may wait until both are sure."""
    case = await case_of(session, promised)
    query = select(NotHeard).where(NotHeard.id == UUID(promised.about["not_heard_id"]))
    asked = (await session.execute(query)).scalar_one_or_none()
    if (
        case is None
        or asked is None
        or asked.answered_at is not None
        or not await staying.stays(session, case.relationship.id, case.participation_id)
    ):
        return None
    return Filling(
        case.who(session),
        form="" if case.other else "party",
        button=(_("Answer the three questions"), desk.link("/heard", not_heard.PURPOSE, asked.id)),
        after=[_("The agreement and the plan can wait until you are both sure that you go on.")],
    )  # fmt: skip
