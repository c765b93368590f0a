"""
A group or circle for one of its people, before it begins: what it is about, and her private answer.

As with pairs the same question stands on two pages, behind the sign-in and behind the link
of a letter. Neither says who the others are (docs/decisions/0018-parties.md).
"""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.programmes.models import Structure
from tenants.proposals import answering as pairs
from tenants.proposals import rules as dates
from tenants.proposals.parties import answering, moving, queries, topics
from tenants.proposals.parties.answering import PartyReader
from tenants.proposals.parties.queries import Seen
from tenants.proposals.party_models import Party, PartyState
from tenants.proposals.runs import rules, words
from tenants.proposals.runs.criteria import UNIT
from tenants.relationships import parties
from tenants.relationships import queries as relationships
from web.by_letter import Asking
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/group/{party_id:uuid}"
TOLD = 3  # reasons that are told
# What is told in words of its own, and a criterion from which one could read what others asked for.
UNTOLD = frozenset({"topics", "languages", "overlap", "gender"})


@get(PATH)
async def group(door: NamedDependency[Door], party_id: FromPath[UUID]) -> Page:
    return await _page(door, party_id, FormState())


@post(PATH)
async def answer(door: NamedDependency[Door], party_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        found = await _answer(door, door.actor, party_id, filled)
    except Invalid as error:
        return await _page(door, party_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/group/{party_id}", said=said(error))
    if found.state == PartyState.CONFIRMED:
        begun = await relationships.of_party(door.session, found.id)
        if begun is not None and filled.text("answer") == "yes":
            return door.go(f"/me/pair/{begun.id}", said=_("Enough of you said yes: it has begun."))
    return door.go("/me", said=_("Thank you. We have noted your answer."))


async def take(door: Door, reader: PartyReader, filled: Form) -> None:
    """The answer to a letter (`web.pages.proposal`)."""
    await _answer(door, reader.actor, reader.party_id, filled, by_letter=True)


async def _answer(
    door: Door, actor: Actor, party_id: UUID, filled: Form, *, by_letter: bool = False
) -> Party:
    chosen = filled.text("answer")
    if chosen not in ("yes", "no"):
        raise Invalid(Problem("answer", "missing"))
    return await parties.answer(
        door.session, actor, party_id, is_yes=chosen == "yes", reason=filled.text("reason"), by_letter=by_letter
    )  # fmt: skip


async def _page(door: Door, party_id: UUID, form: FormState, *, status: int = 200) -> Page:
    seen = await queries.see(door.session, door.actor, party_id)
    await introduce(door, await moving.programme_of(door.session, seen.party))
    begun = await relationships.of_party(door.session, party_id)
    is_mine = False
    if begun is not None:
        people = await relationships.people(door.session, begun)
        is_mine = any(one.person_id == door.actor.person_id for one in people)
    return door.page(
        "group/group.html",
        status=status,
        form=form,
        **await _shown(door, seen),
        pair_id=begun.id if begun is not None and is_mine else None,
        has_left=begun is not None and not is_mine and seen.me.is_yes,
        action=f"/me/group/{party_id}",
        can_ask=door.view.contact,
    )


async def ask(door: Door, reader: PartyReader, asking: Asking) -> Page:
    """The question behind a letter's link."""
    seen = await queries.see(door.session, reader.actor, reader.party_id)
    await introduce(door, await moving.programme_of(door.session, seen.party))
    return door.page(
        "group/letter.html",
        status=asking.status,
        form=asking.form,
        **await _shown(door, seen),
        action=asking.action,
    )


async def _shown(door: Door, seen: Seen) -> dict[str, Any]:
    party, facts = seen.party, seen.party.facts
    named = await topics.labels(door.session, party.cycle_id)
    is_circle = party.structure == Structure.CIRCLE
    return {
        "seen": seen,
        "is_circle": is_circle,
        "is_mentor": seen.me.role == "mentor",
        "topics": language.listed(topics.told(facts.get("topics", ()), named)),
        "spoken": language.listed([language.language_name(code) for code in facts.get("languages", ())]),
        "hours": facts.get("hours"),
        **_why(seen, named, is_circle=is_circle),
        "answer_by": dates.last_day(party.answer_by, door.organisation.time_zone)
        if party.answer_by
        else None,
        "today": clock.today(door.actor.time_zone),
    }


def _why(seen: Seen, named: dict[str, str], *, is_circle: bool) -> dict[str, str]:
    """What she would learn and share in a circle, and what else weighed most, in words that give nobody away."""
    unit = UNIT * max(1, seen.others) if is_circle else UNIT
    shown = [row for row in rules.shown(seen.me.contributions, unit=unit) if row.points > 0]
    topics_met: Any = next((row.facts for row in shown if row.criterion == "topics"), {})
    weighed = [row.criterion for row in shown if row.criterion not in UNTOLD][:TOLD]
    return {
        "learns": _named(topics_met.get("learns", ()), named),
        "shares": _named(topics_met.get("gives", ()), named),
        "alike": language.listed([words.criterion(name, of_peers=is_circle) for name in weighed]),
    }


def _named(codes: Any, named: dict[str, str]) -> str:
    return language.listed([named.get(code, code) for code in codes])


async def reader_of(door: Door, token: str) -> PartyReader | None:
    hold_id = door.ground.links.read(pairs.PURPOSE, door.organisation.organisation_id, token)
    return await answering.reader_of(door.session, door.actor, hold_id) if hold_id else None


ROUTES = [group, answer]
