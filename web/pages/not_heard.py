"""
Three questions to those of whom a coordinator has not heard (K38): she has them sent, and each answers alone.

They stand on two pages, behind the sign-in and behind the link of a letter (docs/decisions/0005-answering-from-a-letter.md). The
page behind the link does not show what was answered before.
"""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.relationships import queries
from tenants.relationships.keeping import not_heard
from tenants.relationships.keeping.models import GoesOn
from tenants.relationships.keeping.not_heard import Reader, Said
from tenants.relationships.models import Relationship, RelationshipState
from web import by_letter
from web.by_letter import Asking, Question
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

ASK = "/c/pairs/{relationship_id:uuid}/not-heard"
OWN = "/me/heard/{not_heard_id:uuid}"
LETTER = "/heard"
_YES_NO = {"yes": True, "no": False, "": None}


@post(ASK)
async def ask(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    path = f"/c/pairs/{relationship_id}"
    try:
        await not_heard.ask(door.session, door.actor, relationship_id)
    except (Conflict, WrongState) as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("The three questions are sent. The answers come here."))


@get(OWN)
async def show(door: NamedDependency[Door], not_heard_id: FromPath[UUID]) -> Page:
    return await _page(door, not_heard_id, None)


@post(OWN)
async def answer(door: NamedDependency[Door], not_heard_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    path = f"/me/heard/{not_heard_id}"
    try:
        await not_heard.answer(door.session, door.actor, not_heard_id, _given(filled))
    except Invalid as error:
        return await _page(door, not_heard_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("Thank you. Your coordinator reads it."))


def _given(filled: Form) -> Said:
    agreement, again, goes_on = (filled.text(name) for name in ("agreement", "met_again", "goes_on"))
    for name, value, allowed in (
        ("agreement", agreement, _YES_NO),
        ("met_again", again, _YES_NO),
        ("goes_on", goes_on, {"", *GoesOn}),
    ):
        if value not in allowed:
            raise Invalid(Problem(name, "not_a_choice"))
    return Said(
        _YES_NO[agreement], _YES_NO[again], GoesOn(goes_on) if goes_on else None, filled.text("words")
    )


async def _reader(door: Door, token: str) -> Reader | None:
    found = door.ground.links.read(not_heard.PURPOSE, door.organisation.organisation_id, token)
    return await not_heard.reader_of(door.session, door.actor, found) if found else None


async def _ask(door: Door, reader: Reader, asking: Asking) -> Page:
    await introduce(door, await programmes.own_programme(door.session, reader.relationship.programme_id))
    return door.page(
        "not_heard/questions.html",
        status=asking.status,
        form=asking.form,
        names=reader.others,
        relationship=reader.relationship,
        action=asking.action,
        by_letter=True,
        answered_at=None,
        is_running=True,
        most=not_heard.MAX_WORDS,
        today=clock.today(reader.actor.time_zone),
    )


async def _take(door: Door, reader: Reader, filled: Form) -> str:
    await not_heard.answer(door.session, reader.actor, reader.asked.id, _given(filled), by_letter=True)
    return ""


async def _page(door: Door, not_heard_id: UUID, form: FormState | None, *, status: int = 200) -> Page:
    asked, relationship = await not_heard.own(door.session, door.actor, not_heard_id)
    await introduce(door, await programmes.own_programme(door.session, relationship.programme_id))
    told = {True: "yes", False: "no", None: ""}
    return door.page(
        "not_heard/questions.html",
        status=status,
        form=form
        or FormState(
            {
                "agreement": told[asked.is_agreement_coming],
                "met_again": told[asked.has_met_again],
                "goes_on": asked.goes_on,
                "words": asked.words,
            }
        ),
        names=await _others(door, relationship, asked.participation_id),
        relationship=relationship,
        action=f"/me/heard/{not_heard_id}",
        by_letter=False,
        answered_at=asked.answered_at,
        is_running=relationship.state == RelationshipState.RUNNING,
        most=not_heard.MAX_WORDS,
        today=clock.today(door.actor.time_zone),
    )


async def _others(door: Door, relationship: Relationship, me: UUID) -> list[str]:
    return [
        one.full_name
        for one in await queries.people(door.session, relationship)
        if one.participation_id != me
    ]


NOT_HEARD = Question(LETTER, "not_heard/thanks.html", "proposal/closed.html", _reader, _ask, _take)
ROUTES = [ask, show, answer, *by_letter.routes(NOT_HEARD)]
