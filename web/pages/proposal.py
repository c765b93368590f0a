"""
One proposal for one of the two: why these two, her private answer, how to reach each other.

The same question stands on two pages: behind the sign-in, and behind the link of
a letter, which shows no contact data and nobody's answer
(docs/decisions/0005-answering-from-a-letter.md).
"""

from datetime import date
from uuid import UUID

from litestar import HttpMethod, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import HouseError, Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.programmes.structures import facts
from tenants.proposals import answering, moving, queries, reaching, reasons, rules
from tenants.proposals.answering import LetterReader
from tenants.proposals.models import AskedFor, Proposal, ProposalState
from tenants.relationships import actions as relationships
from tenants.relationships import queries as pairs
from web.door import Door, Page
from web.forms import refused
from web.pages import group
from web.pages.me import date_by
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/proposal/{proposal_id:uuid}"
LETTER = "/answer/{token:str}"
THANKS = "/answer/thanks"


@get(PATH)
async def proposal(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    return await _page(door, door.actor, proposal_id, FormState())


@post(PATH)
async def answer(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        found = await _answer(door, door.actor, proposal_id, filled)
    except Invalid as error:
        return await _page(door, door.actor, proposal_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/proposal/{proposal_id}", said=said(error))
    if found.state == ProposalState.CONFIRMED:
        begun = await pairs.of_proposal(door.session, found.id)
        return door.go(f"/me/pair/{begun.id}" if begun else "/me", said=_("You both want to go on."))
    if found.state == ProposalState.MEETING and filled.text("asked_for") == AskedFor.MEET:
        return door.go(f"/me/proposal/{proposal_id}", said=_("You both want to meet."))
    return door.go("/me", said=_("Thank you. We have noted your answer."))


@post(PATH + "/date")
async def note_date(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        on = _day(filled)
        await answering.note_first_meeting(door.session, door.actor, proposal_id, on=on)
    except Invalid as error:
        return await _page(door, door.actor, proposal_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/proposal/{proposal_id}", said=said(error))
    return door.go(f"/me/proposal/{proposal_id}", said=_("Your date is noted. Have a good first meeting."))


@route(LETTER, http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def open_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    """Shows the question and changes nothing: programs that check letters follow their links."""
    if token == "thanks":  # noqa: S105  a page of its own, and too short for any token
        return door.page("proposal/thanks.html")
    reader = await _reader(door, token)
    if reader is None:
        return await group.opened_letter(door, token) or door.page("proposal/closed.html", status=410)
    return await _letter_page(door, token, reader, FormState())


@post(LETTER)
async def answer_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    filled = await door.form()
    reader = await _reader(door, token)
    if reader is None:
        told = await group.answered_letter(door, token, filled)
        return told or door.page("proposal/closed.html", status=410)
    try:
        await _answer(door, reader.actor, reader.proposal_id, filled, by_letter=True)
    except Invalid as error:
        return await _letter_page(door, token, reader, refused(filled, error), status=422)
    except HouseError:
        # Decided while she read, or not hers to see (any more): the same kind words for all of it.
        return door.page("proposal/closed.html", status=410)
    return door.go(THANKS)


async def _answer(
    door: Door, actor: Actor, proposal_id: UUID, filled: Form, *, by_letter: bool = False
) -> Proposal:
    chosen, asked = filled.text("answer"), filled.text("asked_for")
    if chosen not in ("yes", "no") or asked not in set(AskedFor):
        raise Invalid(Problem("answer", "missing"))
    return await relationships.answer(
        door.session,
        actor,
        proposal_id,
        AskedFor(asked),
        is_yes=chosen == "yes",
        reason=filled.text("reason"),
        by_letter=by_letter,
    )


def _day(filled: Form) -> date:
    try:
        return date.fromisoformat(filled.text("on"))
    except ValueError as error:
        raise Invalid(Problem("on", "missing" if not filled.text("on") else "bad_format")) from error


async def _page(door: Door, actor: Actor, proposal_id: UUID, form: FormState, *, status: int = 200) -> Page:
    seen = await queries.see(door.session, actor, proposal_id)
    programme = await moving.programme_of(door.session, seen.proposal)
    await introduce(door, programme)
    is_live = seen.proposal.state in rules.LIVE
    begun = await pairs.of_proposal(door.session, proposal_id)
    return door.page(
        "proposal/proposal.html",
        status=status,
        form=form,
        seen=seen,
        asked=_asked(seen.proposal),
        why=await reasons.why(
            door.session, seen.proposal, reader=seen.me.role, reader_id=seen.me.participation_id
        )
        if is_live
        else None,
        date_by=date_by(seen.proposal, programme),
        answer_by=_last_day(door, seen.proposal),
        days=programme.date_days,
        pair_id=begun.id if begun else None,
        reach=await _reach(door, seen),
        material=f"/p/{programme.slug}/material"
        if is_live and facts(programme.structure).has_agreement
        else "",
        today=clock.today(actor.time_zone),
        action=f"/me/proposal/{proposal_id}",
        token="",
        can_ask=door.view.contact,
    )


async def _reach(door: Door, seen: queries.Seen) -> list[tuple[str, str]]:
    """Beside telephone and e-mail, once they are released."""
    if seen.proposal.state not in (ProposalState.MEETING, ProposalState.CONFIRMED):
        return []
    return [
        (_(words), value) for words, value in await reaching.asked(door.session, seen.other.participation_id)
    ]


async def _letter_page(
    door: Door, token: str, reader: LetterReader, form: FormState, *, status: int = 200
) -> Page:
    group.speak(door, reader.actor)
    with language.use(door.view.language):
        seen = await queries.see(door.session, reader.actor, reader.proposal_id)
        programme = await moving.programme_of(door.session, seen.proposal)
        await introduce(door, programme)
        return door.page(
            "proposal/letter.html",
            status=status,
            form=form,
            seen=seen,
            asked=_asked(seen.proposal),
            why=await reasons.why(
                door.session, seen.proposal, reader=seen.me.role, reader_id=seen.me.participation_id
            ),
            answer_by=_last_day(door, seen.proposal),
            days=programme.date_days,
            today=clock.today(reader.actor.time_zone),
            action=f"/answer/{token}",
            token=token,
        )


async def _reader(door: Door, token: str) -> LetterReader | None:
    hold_id = door.ground.links.read(answering.PURPOSE, door.organisation.organisation_id, token)
    return await answering.reader_of(door.session, door.actor, hold_id) if hold_id else None


def _last_day(door: Door, proposal: Proposal) -> date | None:
    """By the organisation's clock, as in the letter: both are told the same day."""
    return rules.last_day(proposal.answer_by, door.organisation.time_zone) if proposal.answer_by else None


def _asked(proposal: Proposal) -> str:
    """The question of the moment, or nothing once it is over."""
    return next((asked.value for asked, state in rules.IN_STATE.items() if state == proposal.state), "")


ROUTES = [proposal, answer, note_date, open_letter, answer_letter]
