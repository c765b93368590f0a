"""
The answer to an invitation to a workshop, and afterwards what she thinks of it: by the link of a letter without signing
in, or on one's own page.

The page of the link shows what stands in the letter and nothing else, and looks the same before and after an answer
(docs/decisions/0005-answering-from-a-letter.md).
"""

from uuid import UUID

from litestar import HttpMethod, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import HouseError, Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.gatherings import answering, opinions, queries, rules
from tenants.gatherings.letters import facts, places_for, title_of
from tenants.gatherings.models import GuestState
from tenants.gatherings.opinions import Said
from tenants.gatherings.queries import OPINION, PURPOSE, LetterReader
from tenants.gatherings.words import QUESTIONS, USEFUL
from tenants.programmes.rules import text_in
from web.door import Door, Page
from web.forms import refused
from web.pages import group
from web.pages.programme import introduce
from web.pages.workshop import useful_of
from web.refusals import said
from web.rendering import FormState

LETTER = "/workshop/{token:str}"
THANKS = "/workshop/thanks"
OWN = "/me/workshop/{workshop_id:uuid}"
AFTER = "/workshop-opinion/{token:str}"
SAID = "/workshop-opinion/thanks"
OWN_AFTER = OWN + "/opinion"


@route(LETTER, http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def open_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    """Shows the question and changes nothing: programs that check letters follow their links."""
    if token == "thanks":  # noqa: S105  a page of its own, and too short for any token
        state = door.request.query_params.get("as", "")
        return door.page("workshops/thanks.html", state=state)
    reader = await _reader(door, token, PURPOSE)
    if reader is None:
        return door.page("workshops/closed.html", status=410)
    return await _letter_page(door, token, reader, FormState())


@post(LETTER)
async def answer_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    filled = await door.form()
    reader = await _reader(door, token, PURPOSE)
    if reader is None:
        return door.page("workshops/closed.html", status=410)
    try:
        state = await _answer(door, reader.actor, reader.workshop_id, filled, by_letter=True)
    except Invalid as error:
        return await _letter_page(door, token, reader, refused(filled, error), status=422)
    except HouseError:
        # Cancelled while she read, or she has left: the same kind words for all of it.
        return door.page("workshops/closed.html", status=410)
    return door.go(f"{THANKS}?as={state}")


@get(OWN)
async def show(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    return await _own_page(door, workshop_id, FormState())


@post(OWN)
async def answer(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        state = await _answer(door, door.actor, workshop_id, filled, by_letter=False)
    except Invalid as error:
        return await _own_page(door, workshop_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go("/me", said=said(error))
    return door.go(f"/me/workshop/{workshop_id}", said=_thanks(state))


@route(AFTER, http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def open_opinion(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    if token == "thanks":  # noqa: S105  a page of its own, and too short for any token
        return door.page("workshops/said.html")
    reader = await _reader(door, token, OPINION)
    if reader is None:
        return door.page("workshops/closed.html", status=410)
    return await _opinion_by_letter(door, token, reader, FormState())


@post(AFTER)
async def say_by_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    filled = await door.form()
    reader = await _reader(door, token, OPINION)
    if reader is None:
        return door.page("workshops/closed.html", status=410)
    try:
        await _say(door, reader.actor, reader.workshop_id, filled)
    except Invalid as error:
        return await _opinion_by_letter(door, token, reader, refused(filled, error), status=422)
    except HouseError:
        return door.page("workshops/closed.html", status=410)
    return door.go(SAID)


@get(OWN_AFTER)
async def show_opinion(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    return await _own_opinion(door, workshop_id, FormState())


@post(OWN_AFTER)
async def say(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await _say(door, door.actor, workshop_id, filled)
    except Invalid as error:
        return await _own_opinion(door, workshop_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go("/me", said=said(error))
    return door.go("/me", said=_("Thank you. Your answers bear no name."))


async def _answer(door: Door, actor: Actor, workshop_id: UUID, filled: Form, *, by_letter: bool) -> str:
    """
    Raises:
        Invalid: nothing chosen.
    """
    chosen = filled.text("answer")
    if chosen not in ("come", "cannot"):
        raise Invalid(Problem("answer", "missing"))
    guest = await answering.answer(
        door.session, actor, workshop_id, comes=chosen == "come", by_letter=by_letter
    )
    return str(guest.state)


async def _say(door: Door, actor: Actor, workshop_id: UUID, filled: Form) -> None:
    given = Said(useful_of(filled.text("useful")), filled.text("will_use"), filled.text("missing"))
    await opinions.say(door.session, actor, workshop_id, given)


async def _letter_page(
    door: Door, token: str, reader: LetterReader, form: FormState, *, status: int = 200
) -> Page:
    group.speak(door, reader.actor)
    with language.use(door.view.language):
        return await _page(
            door, reader.actor, reader.workshop_id, form, action=f"/workshop/{token}", by_letter=True, status=status
        )  # fmt: skip


async def _own_page(door: Door, workshop_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await queries.own_one(door.session, door.actor, workshop_id)
    if not rules.is_answerable(found.workshop, found.guest):
        return door.go("/me", said=said(rules.WorkshopOver()))
    action = f"/me/workshop/{workshop_id}"
    return await _page(door, door.actor, workshop_id, form, action=action, by_letter=False, status=status)


async def _page(
    door: Door, reader: Actor, workshop_id: UUID, form: FormState, *, action: str, by_letter: bool, status: int
) -> Page:  # fmt: skip
    seen = await queries.own_one(door.session, reader, workshop_id)
    await introduce(door, seen.programme)
    words = text_in(seen.workshop.words, door.view.language, seen.programme.languages)
    return door.page(
        "workshops/invitation.html",
        status=status,
        form=form,
        seen=seen,
        title=title_of(seen),
        words=[part.strip() for part in words.split("\n\n") if part.strip()],
        facts=facts(seen.workshop, reader.time_zone),
        action=action,
        by_letter=by_letter,
        places=places_for(seen.workshop.places) if seen.workshop.places else "",
        has_said="" if by_letter else _stands(seen.guest.state),
    )


async def _opinion_by_letter(
    door: Door, token: str, reader: LetterReader, form: FormState, *, status: int = 200
) -> Page:
    group.speak(door, reader.actor)
    with language.use(door.view.language):
        return await _opinion(
            door, reader.actor, reader.workshop_id, form, action=f"/workshop-opinion/{token}", status=status
        )


async def _own_opinion(door: Door, workshop_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await queries.own_one(door.session, door.actor, workshop_id)
    if not rules.may_say(found.workshop, found.guest):
        refusal = rules.SaidAlready() if found.guest.has_said else rules.NotAGuest()
        return door.go("/me", said=said(refusal))
    action = f"/me/workshop/{workshop_id}/opinion"
    return await _opinion(door, door.actor, workshop_id, form, action=action, status=status)


async def _opinion(
    door: Door, reader: Actor, workshop_id: UUID, form: FormState, *, action: str, status: int
) -> Page:
    seen = await queries.own_one(door.session, reader, workshop_id)
    await introduce(door, seen.programme)
    return door.page(
        "workshops/opinion.html",
        status=status,
        form=form,
        title=title_of(seen),
        action=action,
        questions={name: _(words) for name, words in QUESTIONS.items()},
        scale=[(step, _(words)) for step, words in USEFUL.items()],
        most=rules.MAX_SAID,
        day=clock.local(seen.workshop.starts_at, reader.time_zone).date(),
    )


def _stands(state: str) -> str:
    return {
        GuestState.COMING.value: _("You have said that you come, and have a place."),
        GuestState.WAITING.value: _("You are on the waiting list. If a place becomes free, we write to you."),
        GuestState.DECLINED.value: _("You have said that you cannot come."),
    }.get(state, "")


def _thanks(state: str) -> str:
    return {
        GuestState.COMING.value: _("Thank you. You have a place."),
        GuestState.WAITING.value: _("Thank you. All places are taken, and you are on the waiting list."),
    }.get(state, _("Thank you for telling us."))


async def _reader(door: Door, token: str, purpose: str) -> LetterReader | None:
    link_id = door.ground.links.read(purpose, door.organisation.organisation_id, token)
    if link_id is None:
        return None
    return await queries.reader_of(door.session, door.actor, link_id, says=purpose == OPINION)


ROUTES = [
    open_letter,
    answer_letter,
    show,
    answer,
    open_opinion,
    say_by_letter,
    show_opinion,
    say,
]
