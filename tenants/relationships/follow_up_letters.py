"""The letters that follow up on a pair while it runs."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, ngettext
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import OTHERS, READER
from tenants.proposals import leaving
from tenants.registration.around import around_of
from tenants.relationships import queries, wording
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.models import Relationship, RelationshipState

MONTH = 30.44  # days


async def _open(session: AsyncSession, promised: Letter) -> tuple[FollowUp, Relationship, str, str] | None:
    """The question, what it is about, its reader's name and those of the others; None when it waits no more."""
    query = select(FollowUp).where(FollowUp.id == UUID(promised.about["follow_up_id"]))
    asked = (await session.execute(query)).scalar_one_or_none()
    if asked is None or asked.replied_at is not None:
        return None
    relationship = (
        await session.execute(select(Relationship).where(Relationship.id == asked.relationship_id))
    ).scalar_one()
    if await leaving.has_left(session, asked.participation_id):
        return None
    people = await queries.people(session, relationship)
    me = next((one.full_name for one in people if one.participation_id == asked.participation_id), None)
    if relationship.state != RelationshipState.RUNNING or me is None:
        return None
    others = [isolated(one.full_name) for one in people if one.participation_id != asked.participation_id]
    return asked, relationship, isolated(me), ", ".join(others)


@letter("follow_up.asked", title=N_("How is your mentoring going?"), words=wording.FOLLOW_UP)
async def asked(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K41: how far with the goals, brief news, and for how long the coordinator still accompanies the pair."""
    found = await _open(session, promised)
    if found is None:
        return None
    one, relationship, me, others = found
    today = clock.today(desk.time_zone)
    months = max(1, round((relationship.ends_on - today).days / MONTH))
    months_left = ngettext(
        "Your coordinator stays by your side for about one more month.",
        "Your coordinator stays by your side for about %(num)s more months.",
        months,
    )
    return Filling(
        {
            READER: me,
            OTHERS: others,
            wording.MONTHS_LEFT: months_left,
            wording.REPLY_BY: day_words(one.reply_by, today),
            wording.ENDS_ON: day_words(relationship.ends_on, today),
            **around_of(session, one.participation_id),
        },
        button=(_("Write a few sentences"), desk.url(f"/me/follow-up/{one.id}")),
    )  # fmt: skip


@letter("follow_up.reminder", title=N_("We have not heard from you"), words=wording.FOLLOW_UP_REMINDER)
async def reminder(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    found = await _open(session, promised)
    if found is None:
        return None
    one, _relationship, me, others = found
    return Filling(
        {READER: me, OTHERS: others, **around_of(session, one.participation_id)},
        button=(_("Write a few sentences"), desk.url(f"/me/follow-up/{one.id}")),
    )  # fmt: skip
