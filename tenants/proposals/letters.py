"""The letters of a proposal. Both people get the same words; nobody learns what the other answered."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import OTHER, READER
from tenants.notifications.wording.filling import Value
from tenants.proposals import answering, queries, reaching, reasons, rules
from tenants.proposals.leaving import GONE
from tenants.proposals.models import AskedFor, Proposal, ProposalState
from tenants.proposals.parties import letters as parties
from tenants.proposals.queries import Side
from tenants.proposals.wording import (
    ANSWER_BY,
    CLOSED,
    CONTACT,
    DATE_BY,
    FOUND,
    GO_ON,
    INTRODUCED,
    MEET,
    MEET_BY,
    REMIND,
    WHY,
    WRITES_FIRST,
)
from tenants.registration import queries as registrations
from tenants.registration.around import around_of
from tenants.registration.leaving import OWN_WISH
from tenants.registration.models import ParticipantRole, Status

ALSO = (parties,)  # loaded with these, so that their writers are known


@dataclass(frozen=True, slots=True)
class _Case:
    proposal: Proposal
    me: Side
    other: Side

    @property
    def is_mentee(self) -> bool:
        return self.me.role == ParticipantRole.MENTEE

    @property
    def is_peer(self) -> bool:
        return self.me.role == ParticipantRole.PEER

    @property
    def pair(self) -> tuple[str, str] | None:
        """Mentor and mentee, for their marks; two peers have none."""
        if ParticipantRole.PEER in (self.me.role, self.other.role):
            return None
        ends = (self.other, self.me) if self.is_mentee else (self.me, self.other)
        return ends[0].full_name, ends[1].full_name


async def _case(session: AsyncSession, promised: Letter) -> _Case | None:
    proposal = (
        await session.execute(select(Proposal).where(Proposal.id == UUID(promised.about["proposal_id"])))
    ).scalar_one_or_none()
    if proposal is None:
        return None
    mentor, mentee = await queries.sides(session, proposal)
    me, other = (mentor, mentee) if mentor.person_id == promised.person_id else (mentee, mentor)
    return _Case(proposal, _isolated(me), _isolated(other))


def _isolated(side: Side) -> Side:
    """Names of another script keep their place in a sentence and in a subject."""
    return replace(side, full_name=isolated(side.full_name))


def _button(desk: Desk, proposal: Proposal, label: str) -> tuple[str, str]:
    """To the page behind the sign-in, where the contact data stands."""
    return label, desk.url(f"/me/proposal/{proposal.id}")


async def _answer_button(session: AsyncSession, desk: Desk, case: _Case, label: str) -> tuple[str, str]:
    """To the page on which the reader of this letter answers without signing in. Opening it changes nothing."""
    hold_id = await answering.hold_of(session, case.proposal.id, case.me.participation_id)
    if hold_id is None:
        return _button(desk, case.proposal, label)
    return label, desk.link("/answer", answering.PURPOSE, hold_id)


async def _why(session: AsyncSession, case: _Case) -> list[str]:
    found = await reasons.why(session, case.proposal, reader=case.me.role, reader_id=case.me.participation_id)
    return [_sentence(one.headline, one.detail) for one in found.reasons]


def _sentence(headline: str, detail: str) -> str:
    """A table shows them one below the other; in a letter a bare name goes on with the sentence before it."""
    if detail.endswith((".", "。")):
        return f"{headline} {detail}"
    return f"{_('%(label)s:', label=headline.removesuffix('.'))} {detail}."


def _day(when: date, desk: Desk) -> str:
    return day_words(when, clock.today(desk.time_zone))


def _who(session: AsyncSession, case: _Case) -> dict[str, Value]:
    reader, other = case.me.full_name, case.other.full_name
    return {READER: reader, OTHER: other, **around_of(session, case.me.participation_id)}


@letter("proposal.meet", title=N_("A proposal: do you want to meet?"), words=MEET)
async def meet(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    if case is None or case.proposal.state != ProposalState.OPEN or case.proposal.answer_by is None:
        return None
    name = case.other.full_name
    answer_by = rules.last_day(case.proposal.answer_by, desk.time_zone)
    if case.is_peer:
        opening = _("We found somebody with whom you can learn from each other: %(name)s.", name=name)
    elif case.is_mentee:
        opening = _("We found a mentor who fits what you asked for: %(name)s.", name=name)
    else:
        opening = _("We found somebody whose wishes fit what you can share: %(name)s.", name=name)
    day = _day(answer_by, desk)
    return Filling(
        {**_who(session, case), FOUND: opening, WHY: await _why(session, case), ANSWER_BY: day},
        pair=case.pair,
        button=await _answer_button(session, desk, case, _("Answer in private")),
        facts=[(_("Please answer by"), day)],
        after=[_("“Not this time” is a good answer too. Nobody is told who said no, or why.")],
    )


@letter("proposal.remind", title=N_("A proposal still waits for your answer"), may_drop=True, words=REMIND)
async def remind(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    if case is None or case.proposal.state != ProposalState.OPEN:
        return None
    if case.me.participation_id in await queries.said(session, case.proposal.id, AskedFor.MEET):
        return None
    return Filling(
        _who(session, case),
        pair=case.pair,
        button=await _answer_button(session, desk, case, _("Answer in private")),
    )


@letter("proposal.contact", title=N_("How to reach each other"), words=CONTACT)
async def contact(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K30, K31: name and contact data of the other; the mentee writes first; the two dates."""
    case = await _case(session, promised)
    if case is None or case.proposal.state != ProposalState.MEETING or case.proposal.meet_by is None:
        return None
    name = case.other.full_name
    date_by = _day(date.fromisoformat(promised.about["date_by"]), desk)
    meet_by = _day(case.proposal.meet_by, desk)
    if case.is_peer:
        first = _("Either of you may write or call first. Please set a date by %(day)s.", day=date_by)
    elif case.is_mentee:
        first = _("Please write or call first, and set a date by %(day)s.", day=date_by)
    else:
        first = _(
            "%(name)s will write or call you first, so that you set a date by %(day)s.",
            name=name,
            day=date_by,
        )
    return Filling(
        {
            **_who(session, case),
            INTRODUCED: await _introduced(session, case),
            WRITES_FIRST: first,
            DATE_BY: date_by,
            MEET_BY: meet_by,
        },
        pair=case.pair,
        facts=await _reach(session, case.other),
        button=_button(desk, case.proposal, _("Tell us the date")),
        after=[
            _("Promise nothing on that day, and set no second date. Think it over, each on her own."),
            _(
                "Then tell us in private whether you go on. The agreement and the activity plan can wait until then; you can read both on the page that the button opens."
            ),
        ],
    )


async def _introduced(session: AsyncSession, case: _Case) -> list[str]:
    """Where nobody has been asked before, this letter is the first that tells of the other."""
    if case.proposal.answer_by is not None:
        return [_("You both said yes to a first meeting.")]
    name = case.other.full_name
    if case.is_peer:
        said = _("%(name)s is proposed to you: you would learn from each other.", name=name)
    elif case.is_mentee:
        said = _("%(name)s is proposed as your mentor.", name=name)
    else:
        said = _("%(name)s is proposed as your mentee.", name=name)
    return [said, *await _why(session, case)]


async def _reach(session: AsyncSession, other: Side) -> list[tuple[str, str]]:
    facts = [(_("Name"), other.full_name), (_("Telephone"), other.phone), (_("E-mail"), other.email)]
    more = [(_(words), value) for words, value in await reaching.asked(session, other.participation_id)]
    return [(label, value) for label, value in facts if value] + more


@letter("proposal.go_on", title=N_("After your first meeting"), words=GO_ON)
async def go_on(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    if case is None or case.proposal.state != ProposalState.MEETING:
        return None
    if case.me.participation_id in await queries.said(session, case.proposal.id, AskedFor.GO_ON):
        return None
    return Filling(
        _who(session, case),
        pair=case.pair,
        button=await _answer_button(session, desk, case, _("Answer in private")),
    )


@letter("proposal.closed", title=N_("A proposal does not go ahead"), words=CLOSED)
async def closed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """The same words to both, whoever said no, and also when time ran out (K35)."""
    case = await _case(session, promised)
    ended = (ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN)
    if case is None or case.proposal.state not in ended:
        return None
    reader = await registrations.own_participation(session, case.me.participation_id)
    if reader.status == Status.LEFT and reader.end_reason == OWN_WISH:
        return None  # she has a letter of her own about all that ends
    takes_part = reader.status not in GONE
    return Filling(_who(session, case), form="" if takes_part else "gone", pair=case.pair)
