"""
The answer to an invitation to a workshop, and afterwards what she thinks of it: by the link of a letter without signing
in, or on one's own page.

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
from tenants.gatherings import answering, opinions, queries, rules
from tenants.gatherings.letters import facts, places_for, title_of
from tenants.gatherings.models import GuestState
from tenants.gatherings.opinions import Said
from tenants.gatherings.queries import OPINION, PURPOSE, LetterReader
from tenants.gatherings.words import QUESTIONS, USEFUL
from tenants.programmes.rules import text_in
from web import by_letter
from web.by_letter import Asking, Question
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.pages.workshop import useful_of
from web.refusals import said
from web.rendering import FormState

LETTER = "/workshop"
OWN = "/me/workshop/{workshop_id:uuid}"
AFTER = "/workshop-opinion"
OWN_AFTER = OWN + "/opinion"


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


async def _ask(door: Door, reader: LetterReader, asking: Asking) -> Page:
    return await _page(
        door, reader.actor, reader.workshop_id, asking.form, action=asking.action, by_letter=True, status=asking.status
    )  # fmt: skip


async def _take(door: Door, reader: LetterReader, filled: Form) -> str:
    return await _answer(door, reader.actor, reader.workshop_id, filled, by_letter=True)


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
        comes=not by_letter and seen.guest.state in (GuestState.COMING, GuestState.WAITING),
        stays_away=not by_letter and seen.guest.state == GuestState.DECLINED,
    )


async def _ask_opinion(door: Door, reader: LetterReader, asking: Asking) -> Page:
    return await _opinion(
        door, reader.actor, reader.workshop_id, asking.form, action=asking.action, status=asking.status
    )


async def _take_opinion(door: Door, reader: LetterReader, filled: Form) -> str:
    await _say(door, reader.actor, reader.workshop_id, filled)
    return ""


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


async def _reader(door: Door, token: str, purpose: str = PURPOSE) -> LetterReader | None:
    link_id = door.ground.links.read(purpose, door.organisation.organisation_id, token)
    if link_id is None:
        return None
    return await queries.reader_of(door.session, door.actor, link_id, says=purpose == OPINION)


async def _opinion_reader(door: Door, token: str) -> LetterReader | None:
    return await _reader(door, token, OPINION)


INVITED = Question(LETTER, "workshops/thanks.html", "workshops/closed.html", _reader, _ask, _take)
ASKED_AFTER = Question(
    AFTER, "workshops/said.html", "workshops/closed.html", _opinion_reader, _ask_opinion, _take_opinion
)
ROUTES = [
    *by_letter.routes(INVITED),
    show,
    answer,
    *by_letter.routes(ASKED_AFTER),
    show_opinion,
    say,
]
