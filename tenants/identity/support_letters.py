"""What somebody is told before support comes in in her place, and after."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, isolated, moment_words, ngettext
from infra.language import gettext as _
from tenants.identity import support_queries as queries
from tenants.identity import support_rules as rules
from tenants.identity.support_models import SupportWindow
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person

PAGE = "/me/support"


@letter(rules.BEFORE_LETTER, title=N_("Support is let in"))
async def before(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing when the window was shut before the letter went out."""
    window, person = await _about(session, promised)
    if rules.state(window, clock.now()) is rules.State.OVER:
        return None
    return Text(
        subject=_("Support may look at %(organisation)s in your place", organisation=desk.organisation_name),
        heading=_("Support is let in in your place"),
        paragraphs=[
            _(
                "%(operator)s may see what you see, and do some of what you do, to find out what is wrong.",
                operator=isolated(window.operator),
            ),
            _(
                "What support does is written down with its name. It never reads notes of interviews or concerns, and"
                " never changes roles, consents or how anybody signs in."
            ),
        ],
        facts=[
            (_("Reason"), window.reason),
            (_("Let in by"), await _by(session, window)),
            (_("Until"), _moment(window.expires_at, person)),
        ],
        button=(_("See it, or shut support out"), desk.url(PAGE)),
        after=[_("If you do not want this, shut support out. It works at once.")],
    )


@letter(rules.AFTER_LETTER, title=N_("What support has done"))
async def after(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    window, person = await _about(session, promised)
    if window.entered_at is None:
        said = [_("Nobody came in. From now on nobody can.")]
        facts = []
    else:
        count = await queries.changes(session, window)
        said = [
            _("%(operator)s has been here in your place, and can no longer come in.", operator=isolated(window.operator)),
            ngettext("One thing was changed.", "%(num)s things were changed.", count)
            if count
            else _("Nothing was changed."),
        ]  # fmt: skip
        ended = min(window.ended_at or window.expires_at, window.expires_at)
        facts = [
            (_("Came in"), _moment(window.entered_at, person)),
            (_("Ended"), _moment(ended, person)),
        ]
    return Text(
        subject=_("The visit of support at %(organisation)s is over", organisation=desk.organisation_name),
        heading=_("The visit of support is over"),
        paragraphs=said,
        facts=[(_("Reason"), window.reason), *facts],
        button=(_("See all such visits"), desk.url(PAGE)),
        after=[_("Your organisation's owner can look up in the audit trail what was done.")],
    )


async def _about(session: AsyncSession, promised: Letter) -> tuple[SupportWindow, Person]:
    found = select(SupportWindow, Person).where(
        SupportWindow.id == UUID(promised.about["window_id"]), Person.id == SupportWindow.person_id
    )
    window, person = (await session.execute(found)).one()
    return window, person


async def _by(session: AsyncSession, window: SupportWindow) -> str:
    if window.let_in_by == window.person_id:
        return _("yourself")
    name = await session.scalar(select(Person.full_name).where(Person.id == window.let_in_by))
    return name or _("somebody who has left")


def _moment(moment: datetime, person: Person) -> str:
    return moment_words(moment, person.time_zone, clock.today(person.time_zone))
