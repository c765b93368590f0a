"""
The answer to an invitation to an interview: by the link of the letter without signing in, or on one's own page.

The page of the link shows what stands in the letter and nothing else, and looks the same before and after an answer
(docs/decisions/0005-answering-from-a-letter.md).
"""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.programmes import queries as programmes
from tenants.programmes.guide_starters import PROCESS
from tenants.registration.appointment_models import AppointmentState
from tenants.registration.appointments import answering, queries, rules
from tenants.registration.appointments.letters import facts
from tenants.registration.appointments.queries import PURPOSE, LetterReader
from web import by_letter
from web.by_letter import Asking, Question
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

LETTER = "/interview"
OWN = "/me/interview/{appointment_id:uuid}"


@get(OWN)
async def show(door: NamedDependency[Door], appointment_id: FromPath[UUID]) -> Page:
    return await _own_page(door, appointment_id, FormState())


@post(OWN)
async def answer(door: NamedDependency[Door], appointment_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await _answer(door, door.actor, appointment_id, filled, by_letter=False)
    except Invalid as error:
        return await _own_page(door, appointment_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go("/me", said=said(error))
    return door.go("/me", said=_("Thank you. Your coordinator knows it."))


async def _answer(door: Door, actor: Actor, appointment_id: UUID, filled: Form, *, by_letter: bool) -> None:
    """
    Raises:
        Invalid: nothing chosen, or a time that cannot be used; at the fields of the page.
    """
    match filled.text("answer"):
        case "come":
            await answering.confirm(door.session, actor, appointment_id, by_letter=by_letter)
        case "other":
            named = [(place, wall) for place in _TIMES if (wall := filled.text(place))]
            try:
                await answering.propose(
                    door.session,
                    actor,
                    appointment_id,
                    walls=[wall for _place, wall in named],
                    zone=actor.time_zone,
                    word=filled.text("word"),
                    by_letter=by_letter,
                )
            except Invalid as error:
                places = {f"times[{at}]": place for at, (place, _wall) in enumerate(named)}
                raise Invalid(
                    *(
                        Problem(places.get(one.field, _at(one.field)), one.code, one.facts)
                        for one in error.problems
                    )
                ) from error
        case "cannot":
            await answering.decline(
                door.session, actor, appointment_id, word=filled.text("reason"), by_letter=by_letter
            )
        case _:
            raise Invalid(Problem("answer", "missing"))


_TIMES = tuple(f"time_{number}" for number in range(1, rules.MOST_PROPOSED + 1))


def _at(field: str) -> str:
    return _TIMES[0] if field.startswith("times") else field


async def _ask(door: Door, reader: LetterReader, asking: Asking) -> Page:
    return await _page(
        door, reader.actor, reader.appointment_id, asking.form, action=asking.action, status=asking.status,
        by_letter=True,
    )  # fmt: skip


async def _take(door: Door, reader: LetterReader, filled: Form) -> str:
    await _answer(door, reader.actor, reader.appointment_id, filled, by_letter=True)
    return ""


async def _own_page(door: Door, appointment_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await queries.own_one(door.session, door.actor, appointment_id)
    if not rules.is_answerable(found.appointment):
        return door.go("/me", said=said(rules.AppointmentOver()))
    action = f"/me/interview/{appointment_id}"
    return await _page(door, door.actor, appointment_id, form, action=action, status=status, by_letter=False)


async def _page(
    door: Door,
    reader: Actor,
    appointment_id: UUID,
    form: FormState,
    *,
    action: str,
    status: int,
    by_letter: bool,
) -> Page:
    seen = await queries.own_one(door.session, reader, appointment_id)
    await introduce(door, await programmes.own_programme(door.session, seen.participation.programme_id))
    zone = reader.time_zone
    return door.page(
        "appointments/invitation.html",
        status=status,
        form=form,
        seen=seen,
        facts=facts(seen),
        action=action,
        by_letter=by_letter,
        has_said="" if by_letter else _said(seen.appointment.state),
        times=[(place, number) for number, place in enumerate(_TIMES, 1)],
        process=[(_(name), _(meaning)) for name, meaning in PROCESS],
        zone=zone,
        earliest=f"{clock.local(clock.now(), zone):%Y-%m-%dT%H:%M}",
        most=rules.MAX_WORD,
    )


def _said(state: str) -> str:
    return {
        AppointmentState.CONFIRMED.value: _("You have said that you come."),
        AppointmentState.PROPOSED.value: _("You have proposed other times. Your coordinator looks at them."),
        AppointmentState.DECLINED.value: _("You have said that you cannot come then."),
    }.get(state, "")


async def _reader(door: Door, token: str) -> LetterReader | None:
    link_id = door.ground.links.read(PURPOSE, door.organisation.organisation_id, token)
    return await queries.reader_of(door.session, door.actor, link_id) if link_id else None


INVITED = Question(LETTER, "appointments/thanks.html", "appointments/closed.html", _reader, _ask, _take)
ROUTES = [*by_letter.routes(INVITED), show, answer]
