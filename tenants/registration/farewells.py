"""What this room writes when somebody leaves by her own wish: to herself, and to the coordinator."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, Text, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import READER
from tenants.people.models import Person
from tenants.programmes.rules import text_in
from tenants.registration import queries, wording
from tenants.registration.around import around_of
from tenants.registration.leaving import LEFT_LETTER, TOLD_LETTER
from tenants.registration.models import Status
from tenants.registration.queries import Profile

HAS_LEFT = {
    "mentor": N_("%(name)s was a mentor in %(programme)s and has left by her own wish."),
    "mentee": N_("%(name)s was a mentee in %(programme)s and has left by her own wish."),
    "peer": N_("%(name)s took part in %(programme)s and has left by her own wish."),
}


@letter(LEFT_LETTER, title=N_("You have left a programme"), words=wording.LEFT)
async def left(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    found = await _who_left(session, promised)
    if found is None:
        return None
    programme = _programme(found)
    return Filling(
        {
            READER: language.isolated(found.person.full_name),
            **around_of(session, found.participation.id),
            wording.HAS_LEFT: _(wording.LEFT_AS[found.participation.role], programme=programme),
        },
        button=(_("See what happens now"), desk.url(f"/me/leave/{found.participation.id}")),
        after=[_("You did not do this yourself? Then tell your coordinator at once.")],
    )


@letter(TOLD_LETTER, title=N_("Somebody has left a programme"), may_drop=True, is_for_staff=True)
async def left_told(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """To the coordinator, in her language."""
    found = await _who_left(session, promised)
    if found is None:
        return None
    reader = await session.scalar(select(Person.full_name).where(Person.id == promised.person_id))
    name, programme = language.isolated(found.person.full_name), _programme(found)
    return Text(
        subject=_("%(name)s has left %(programme)s", name=name, programme=programme),
        heading=_("%(name)s has left", name=name),
        paragraphs=[
            _("Dear %(name)s,", name=reader or ""),
            _(HAS_LEFT[found.participation.role], name=name, programme=programme),
            _(
                "A proposal that was open is withdrawn, and the other one is free again. A pair waits on the desk of its coordinator, who talks with the other one first."
            ),
        ],
        button=(_("Open her record"), desk.url(f"/c/people/{found.person.id}")),
    )


async def _who_left(session: AsyncSession, promised: Letter) -> Profile | None:
    """None if she has come back before the letter was sent."""
    participation = await queries.own_participation(session, UUID(promised.about["participation_id"]))
    return None if participation.status != Status.LEFT else await queries.profile_of(session, participation)


def _programme(found: Profile) -> str:
    return text_in(found.programme.name, language.current(), found.programme.languages)
