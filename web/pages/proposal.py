"""
One proposal for one of the two: why these two, her private answer, how to reach each other.

The same question stands on two pages: behind the sign-in, and behind the link of
a letter, which shows no contact data and nobody's answer
(docs/decisions/0005-answering-from-a-letter.md).
"""

from datetime import date
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.programmes.structures import facts
from tenants.proposals import answering, moving, queries, reaching, reasons, rules
from tenants.proposals.answering import LetterReader
from tenants.proposals.models import AskedFor, Proposal, ProposalState
from tenants.proposals.parties.answering import PartyReader
from tenants.relationships import actions as relationships
from tenants.relationships import queries as pairs
from web import by_letter
from web.by_letter import Asking, Question
from web.door import Door, Page
from web.forms import refused
from web.pages import group
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/proposal/{proposal_id:uuid}"
LETTER = "/answer"


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
        date_by=seen.proposal.date_by,
        answer_by=_last_day(door, seen.proposal),
        days=rules.promised(seen.proposal, programme).to_set_a_date,
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
    given = await reaching.released(door.session, seen)
    return [(_(reaching.ASKED[key]), value) for key, value in given.items()]


async def _ask(door: Door, reader: LetterReader | PartyReader, asking: Asking) -> Page:
    if isinstance(reader, PartyReader):
        return await group.ask(door, reader, asking)
    seen = await queries.see(door.session, reader.actor, reader.proposal_id)
    programme = await moving.programme_of(door.session, seen.proposal)
    await introduce(door, programme)
    return door.page(
        "proposal/letter.html",
        status=asking.status,
        form=asking.form,
        seen=seen,
        asked=_asked(seen.proposal),
        why=await reasons.why(
            door.session, seen.proposal, reader=seen.me.role, reader_id=seen.me.participation_id
        ),
        answer_by=_last_day(door, seen.proposal),
        days=rules.promised(seen.proposal, programme).to_set_a_date,
        today=clock.today(reader.actor.time_zone),
        action=asking.action,
        token=asking.token,
    )


async def _take(door: Door, reader: LetterReader | PartyReader, filled: Form) -> str:
    if isinstance(reader, PartyReader):
        await group.take(door, reader, filled)
    else:
        await _answer(door, reader.actor, reader.proposal_id, filled, by_letter=True)
    return ""


async def _reader(door: Door, token: str) -> LetterReader | PartyReader | None:
    """Of a pair, or else of a group or circle: their letters lead to the same address."""
    return await _of_pair(door, token) or await group.reader_of(door, token)


async def _of_pair(door: Door, token: str) -> LetterReader | None:
    hold_id = door.ground.links.read(answering.PURPOSE, door.organisation.organisation_id, token)
    return await answering.reader_of(door.session, door.actor, hold_id) if hold_id else None


def _last_day(door: Door, proposal: Proposal) -> date | None:
    """By the organisation's clock, as in the letter: both are told the same day."""
    return rules.last_day(proposal.answer_by, door.organisation.time_zone) if proposal.answer_by else None


def _asked(proposal: Proposal) -> str:
    """The question of the moment, or nothing once it is over."""
    return next((asked.value for asked, state in rules.IN_STATE.items() if state == proposal.state), "")


PROPOSED: Question[LetterReader | PartyReader] = Question(
    LETTER, "proposal/thanks.html", "proposal/closed.html", _reader, _ask, _take
)
ROUTES = [proposal, answer, note_date, *by_letter.routes(PROPOSED)]
