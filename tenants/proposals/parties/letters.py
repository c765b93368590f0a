"""
The letters about groups and circles. Nobody learns from them who the other people are: that is told when it begins.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, language_name, listed, ngettext
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import READER
from tenants.notifications.wording.filling import Value
from tenants.programmes.models import Structure
from tenants.proposals import answering as pairs
from tenants.proposals import rules
from tenants.proposals.parties import answering, queries, topics, wording
from tenants.proposals.parties.queries import Seated
from tenants.proposals.party_models import Party, PartyState
from tenants.registration.around import around_of


@dataclass(frozen=True, slots=True)
class _Case:
    party: Party
    me: Seated
    others: int
    mentor: str

    @property
    def is_circle(self) -> bool:
        return self.party.structure == Structure.CIRCLE

    @property
    def form(self) -> str:
        return "circle" if self.is_circle else "group"


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


def _who(session: AsyncSession, case: _Case) -> dict[str, Value]:
    return {READER: isolated(case.me.full_name), **around_of(session, case.me.participation_id)}


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


@letter("party.ask", title=N_("A group or circle: do you take part?"), words=wording.ASK)
async def ask(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    if case is None or case.party.state != PartyState.OPEN or case.party.answer_by is None:
        return None
    answer_by = day_words(rules.last_day(case.party.answer_by, desk.time_zone), clock.today(desk.time_zone))
    return Filling(
        {**_who(session, case), wording.PEOPLE: _people(case), wording.REPLY_UNTIL: answer_by},
        form=case.form,
        button=await _button(session, desk, case),
        facts=[*await _facts(session, case), (_("Please answer by"), answer_by)],
        after=[_("“Not this time” is a good answer too. Nobody is told who said no, or why.")],
    )


@letter(
    "party.remind",
    title=N_("A group or circle still waits for your answer"),
    may_drop=True,
    words=wording.REMIND,
)
async def remind(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    if case is None or case.party.state != PartyState.OPEN or case.me.is_yes is not None:
        return None
    return Filling(
        {**_who(session, case), wording.PEOPLE: _people(case)},
        form=case.form,
        button=await _button(session, desk, case),
        facts=await _facts(session, case),
    )


@letter("party.late", title=N_("A group or circle has begun"), words=wording.LATE)
async def late(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """For who has kept silent: it has begun without her, which is nobody's fault."""
    case = await _case(session, promised)
    if case is None or case.party.state != PartyState.CONFIRMED or case.me.is_yes is not None:
        return None
    return Filling(_who(session, case), form=case.form)


@letter("party.closed", title=N_("A group or circle does not go ahead"), words=wording.CLOSED)
async def closed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """The same words to all who did not say no, whoever did."""
    case = await _case(session, promised)
    ended = (PartyState.DECLINED, PartyState.WITHDRAWN)
    if case is None or case.party.state not in ended:
        return None
    return Filling(_who(session, case), form=case.form)
