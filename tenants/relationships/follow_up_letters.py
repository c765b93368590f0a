"""The letters that follow up on a pair while it runs."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, ngettext
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.relationships import queries
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
    people = await queries.people(session, relationship)
    me = next((one.full_name for one in people if one.participation_id == asked.participation_id), None)
    if relationship.state != RelationshipState.RUNNING or me is None:
        return None
    others = [isolated(one.full_name) for one in people if one.participation_id != asked.participation_id]
    return asked, relationship, isolated(me), ", ".join(others)


@letter("follow_up.asked", title=N_("How is your mentoring going?"))
async def asked(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """K41: how far with the goals, brief news, and for how long the coordinator still accompanies the pair."""
    found = await _open(session, promised)
    if found is None:
        return None
    one, relationship, me, others = found
    today = clock.today(desk.time_zone)
    months = max(1, round((relationship.ends_on - today).days / MONTH))
    return Text(
        subject=_("How is it going with %(names)s?", names=others),
        heading=_("How is your mentoring going?"),
        paragraphs=[
            _("Dear %(name)s,", name=me),
            _("How far are the two of you with what you set out to do, and what is new? A few sentences are enough. "
              "Your coordinator reads them; %(names)s gets a question of her own.", names=others),
            ngettext(
                "Your coordinator stays by your side for about one more month.",
                "Your coordinator stays by your side for about %(num)s more months.",
                months,
            ),
            _("Please reply by %(day)s.", day=day_words(one.reply_by, today)),
        ],
        button=(_("Write a few sentences"), desk.url(f"/me/follow-up/{one.id}")),
    )  # fmt: skip


@letter("follow_up.reminder", title=N_("We have not heard from you"))
async def reminder(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    found = await _open(session, promised)
    if found is None:
        return None
    one, _relationship, me, others = found
    return Text(
        subject=_("We would like to hear from you"),
        heading=_("How is it going with %(names)s?", names=others),
        paragraphs=[
            _("Dear %(name)s,", name=me),
            _("Two weeks ago we asked how it goes. One sentence is enough, also if you have not met for a while: "
              "then we look together what helps."),
        ],
        button=(_("Write a few sentences"), desk.url(f"/me/follow-up/{one.id}")),
    )  # fmt: skip
