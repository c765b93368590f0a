"""
The letters about groups and circles. Nobody learns from them who the other people are: that is told when it begins.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, language_name, listed, ngettext
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.programmes.models import Structure
from tenants.proposals import answering as pairs
from tenants.proposals import rules
from tenants.proposals.parties import answering, queries, topics
from tenants.proposals.parties.queries import Seated
from tenants.proposals.party_models import Party, PartyState


@dataclass(frozen=True, slots=True)
class _Case:
    party: Party
    me: Seated
    others: int
    mentor: str

    @property
    def is_circle(self) -> bool:
        return self.party.structure == Structure.CIRCLE


async def _case(session: AsyncSession, promised: Letter) -> _Case | None:
    party = await queries.own_party(session, UUID(promised.about["party_id"]))
    if party is None:
        return None
    seats = (await queries.seats_of(session, [party.id]))[party.id]
    me = next((one for one in seats if one.person_id == promised.person_id), None)
    if me is None:
        return None  # moved to another one since
    mentor = next((one.full_name for one in seats if one.role == "mentor" and one is not me), "")
    return _Case(party, me, len(seats) - 1, isolated(mentor))


def _people(case: _Case) -> str:
    """What the letter is about, in one sentence."""
    if case.is_circle:
        return ngettext(
            "We have found a circle for you: you and one more peer who can learn from each other.",
            "We have found a circle for you: you and %(num)s more peers who can learn from each other.",
            case.others,
        )
    if case.mentor:
        return ngettext(
            "We have found a mentor for you: %(name)s would guide you alone.",
            "We have found a mentor for you: %(name)s would guide a group of %(num)s mentees.",
            case.others,
            name=case.mentor,
        )
    return ngettext(
        "We have found a group for you: one mentee asks about what you can share.",
        "We have found a group for you: %(num)s mentees ask about what you can share.",
        case.others,
    )


async def _facts(session: AsyncSession, case: _Case) -> list[tuple[str, str]]:
    told = await topics.of_party(session, case.party)
    found = [(_("Topics"), listed(told))] if told else []
    codes = case.party.facts.get("languages", ())
    if codes:
        found.append((_("Language"), listed([language_name(code) for code in codes])))
    if hours := case.party.facts.get("hours"):
        found.append((_("Working hours in common"), ngettext("one hour a day", "%(num)s hours a day", hours)))
    return found


async def _button(session: AsyncSession, desk: Desk, case: _Case) -> tuple[str, str]:
    """To the page on which the reader of this letter answers without signing in. Opening it changes nothing."""
    hold_id = await answering.hold_of(session, case.party.id, case.me.participation_id)
    label = _("Answer in private")
    if hold_id is None:
        return label, desk.url(f"/me/group/{case.party.id}")
    return label, desk.link("/answer", pairs.PURPOSE, hold_id)


@letter("party.ask", title=N_("A group or circle: do you take part?"))
async def ask(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    if case is None or case.party.state != PartyState.OPEN or case.party.answer_by is None:
        return None
    answer_by = rules.last_day(case.party.answer_by, desk.time_zone)
    return Text(
        subject=_("A circle for you: do you take part?")
        if case.is_circle
        else _("A group for you: do you take part?"),
        heading=_("Do you want to be part of this circle?")
        if case.is_circle
        else _("Do you want to be part of this group?"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(case.me.full_name)),
            _people(case),
            _("Please tell us in private whether you take part. When enough have said yes, it begins, and you learn who is in it and how to reach them."),
        ],
        button=await _button(session, desk, case),
        facts=[
            *await _facts(session, case),
            (_("Please answer by"), day_words(answer_by, clock.today(desk.time_zone))),
        ],
        after=[_("“Not this time” is a good answer too. Nobody is told who said no, or why.")],
    )  # fmt: skip


@letter("party.remind", title=N_("A group or circle still waits for your answer"), may_drop=True)
async def remind(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    if case is None or case.party.state != PartyState.OPEN or case.me.is_yes is not None:
        return None
    return Text(
        subject=_("Your answer about the circle") if case.is_circle else _("Your answer about the group"),
        heading=_("Do you want to be part of this circle?")
        if case.is_circle
        else _("Do you want to be part of this group?"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(case.me.full_name)),
            _people(case),
            _("We have not heard from you yet. A yes and a “not this time” are both fine."),
        ],
        button=await _button(session, desk, case),
        facts=await _facts(session, case),
    )


@letter("party.late", title=N_("A group or circle has begun"))
async def late(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """For who has kept silent: it has begun without her, which is nobody's fault."""
    case = await _case(session, promised)
    if case is None or case.party.state != PartyState.CONFIRMED or case.me.is_yes is not None:
        return None
    return Text(
        subject=_("Your circle has begun without you")
        if case.is_circle
        else _("Your group has begun without you"),
        heading=_("This one has begun, and we look on for you"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(case.me.full_name)),
            _("We had no answer from you in time, so the others have begun. That says nothing about you."),
            _("You need not do anything. We are looking for the next ones who fit, and write to you then."),
        ],
    )


@letter("party.closed", title=N_("A group or circle does not go ahead"))
async def closed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """The same words to all who did not say no, whoever did."""
    case = await _case(session, promised)
    ended = (PartyState.DECLINED, PartyState.WITHDRAWN)
    if case is None or case.party.state not in ended:
        return None
    return Text(
        subject=_("Your circle does not go ahead") if case.is_circle else _("Your group does not go ahead"),
        heading=_("This one does not go ahead, and we look on"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(case.me.full_name)),
            _(
                "Not enough people could say yes this time. That happens often, and it says nothing about you."
            ),
            _("You need not do anything. You are among the first whom we ask again."),
        ],
    )
