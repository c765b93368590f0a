"""
What comes next, once mentoring has ended: on one's own page, and behind the link of the letter that thanks.

The letter's page shows nobody's choice and no contact data (docs/decisions/0005-answering-from-a-letter.md).
"""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Conflict, Forbidden, Invalid, NotFound, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.evaluations import outcome_asking
from tenants.programmes import queries as programmes
from tenants.programmes.structures import PEER
from tenants.relationships import queries
from tenants.relationships.afterwards import actions, rules
from tenants.relationships.afterwards.models import Choice
from tenants.relationships.afterwards.words import CHOICES
from web import by_letter
from web.by_letter import Asking, Question
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/next/{afterwards_id:uuid}"
LETTER = "/next"
NOTED = "/c/pairs/{relationship_id:uuid}/next"


@get(PATH)
async def show(door: NamedDependency[Door], afterwards_id: FromPath[UUID]) -> Page:
    return await _page(door, door.actor, afterwards_id, FormState(), f"/me/next/{afterwards_id}")


@post(PATH)
async def choose(door: NamedDependency[Door], afterwards_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"/me/next/{afterwards_id}"
    try:
        await actions.choose(door.session, door.actor, afterwards_id, _chosen(filled))
    except Invalid as error:
        return await _page(door, door.actor, afterwards_id, refused(filled, error), here, status=422)
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("Thank you. We have noted your choice."))


@get("/me/pair/{relationship_id:uuid}/next")
async def of_pair(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """From the page of a pair that has ended to what its reader is asked; to her own page where that is nothing."""
    _relationship, mine = await queries.own_relationship(door.session, door.actor, relationship_id)
    asked = await actions.asked_of(door.session, relationship_id, mine)
    return door.go(f"/me/next/{asked.id}" if asked else "/me")


@post(NOTED)
async def note(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """What one of them has told her coordinator."""
    filled = await door.form()
    here = f"/c/pairs/{relationship_id}"
    try:
        who = UUID(filled.text("who"))
    except ValueError:
        raise NotFound(kind="participation") from None
    try:
        await actions.note(door.session, door.actor, relationship_id, who, _chosen(filled))
    except (WrongState, Conflict, Forbidden) as error:
        return door.go(here, said=said(error))
    except Invalid:
        return door.go(here, said=_("Please choose one of the answers."))
    return door.go(here, said=_("Noted."))


def _chosen(filled: Form) -> Choice:
    try:
        return Choice(filled.text("choice"))
    except ValueError as error:
        raise Invalid(
            Problem("choice", "missing" if not filled.text("choice") else "not_a_choice")
        ) from error


async def _reader(door: Door, token: str) -> actions.LetterReader | None:
    found = door.ground.links.read(rules.PURPOSE, door.organisation.organisation_id, token)
    return await actions.reader_of(door.session, door.actor, found) if found else None


async def _ask(door: Door, reader: actions.LetterReader, asking: Asking) -> Page:
    return await _page(
        door, reader.actor, reader.afterwards_id, asking.form, asking.action, status=asking.status, is_letter=True
    )  # fmt: skip


async def _take(door: Door, reader: actions.LetterReader, filled: Form) -> str:
    await actions.choose(door.session, reader.actor, reader.afterwards_id, _chosen(filled), by_letter=True)
    return ""


async def _page(
    door: Door,
    actor: Actor,
    afterwards_id: UUID,
    form: FormState,
    action: str,
    *,
    status: int = 200,
    is_letter: bool = False,
) -> Page:
    asked, mine = await actions.own(door.session, actor, afterwards_id)
    programme = await programmes.own_programme(door.session, mine.programme_id)
    await introduce(door, programme)
    names, is_in_it = await actions.companions(door.session, asked)
    offered = rules.choices(mine.role, programme.structure)
    return door.page(
        "afterwards/afterwards.html",
        status=status,
        form=form,
        names=names,
        has_left="" if is_in_it else "circle" if mine.role == PEER else "group",
        choices=[(one.value, *(_(words) for words in CHOICES[one])) for one in offered],
        chosen="" if is_letter else asked.choice or "",
        is_open=await actions.is_open(door.session, asked, mine),
        action=action,
        is_letter=is_letter,
        pair_id=asked.relationship_id if is_in_it else None,
        participation_id=mine.id,
        asks_outcomes=await outcome_asking.is_open_at_the_end(door.session, mine),
    )


ENDED = Question(LETTER, "afterwards/thanks.html", "afterwards/closed.html", _reader, _ask, _take)
ROUTES = [show, choose, of_pair, *by_letter.routes(ENDED), note]
