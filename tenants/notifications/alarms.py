"""
An alarm that a person sees: what is stored of a confidential text is not what was sealed.

It stands in the trail each time, and those who may read the trail get a letter: one a day, however many texts there are
and however often somebody tries to open them. It names the first text by its number, and nothing of what is in it.

A text whose key is out of reach for now stays shut, and the trail says so; that is for the operator to mend, and no
letter goes.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.crypto.envelope import Place
from infra.db.session import Database
from infra.keys.house import when_changed, when_unopened
from infra.language import N_
from infra.language import gettext as _
from tenants.actor import house
from tenants.audit import actions as audit
from tenants.notifications import actions
from tenants.notifications.events import Event
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person, RoleGrant
from tenants.permissions import ROLE_PERMISSIONS, Permission

CHANGED_LETTER = "alarm.changed"
PAGE = "/a/audit"


@when_changed
async def sound(database: Database, place: Place, found: str) -> None:
    """In a transaction of its own: whatever tried to open it is about to be rolled back."""
    actor = house(place.tenant)
    readers = [role for role, held in ROLE_PERMISSIONS.items() if Permission.AUDIT_READ in held]
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role.in_(readers), Person.is_active)
        .distinct()
    )
    async with database.tenant_session(actor.context()) as session:
        audit.record(
            session, actor, Event.SEALED_CHANGED, kind=place.table, id=place.row, column=place.column, found=found,
            severity="alert",
        )  # fmt: skip
        for person_id in await session.scalars(query):
            key = f"{CHANGED_LETTER}:{clock.now():%Y-%m-%d}:{person_id}"
            await actions.write(session, actor, CHANGED_LETTER, key=key, person_id=person_id, row=place.row)


@when_unopened
async def tell(database: Database, place: Place, found: str) -> None:
    """The reading of a note stands in the trail before anything is opened: this says that nothing was."""
    actor = house(place.tenant)
    async with database.tenant_session(actor.context()) as session:
        audit.record(
            session, actor, Event.SEALED_UNOPENED, kind=place.table, id=place.row, column=place.column, found=found
        )  # fmt: skip


@letter(CHANGED_LETTER, title=N_("A confidential text was changed from outside"), is_for_staff=True)
async def changed(_session: AsyncSession, promised: Letter, desk: Desk) -> Text:
    return Text(
        subject=_("Alarm: a confidential text was changed from outside"),
        heading=_("A confidential text was changed from outside"),
        paragraphs=[
            _(
                "Somebody tried to open a confidential text, and what we keep of it is not what was sealed. Somebody or"
                " something has changed it in the database, past Mentorweave."
            ),
            _("Nobody was shown anything of it. It may be possible to bring it back from a backup."),
            _("Please tell those who run this installation today. The trail names every such text."),
        ],
        facts=[(_("Number of the text"), promised.about["row"])],
        button=(_("Look at the trail"), desk.url(PAGE)),
    )
