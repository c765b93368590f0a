"""The letters of a pair, a group or a circle."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, moment_words
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.registration.models import ParticipantRole
from tenants.relationships import follow_up_letters, queries
from tenants.relationships.calendar import event
from tenants.relationships.contacts import letters as contact_letters
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState
from tenants.relationships.queries import Belonging

ALSO = (follow_up_letters, contact_letters)  # loaded with this module, which is the one that is looked for


@dataclass(frozen=True, slots=True)
class _Case:
    """
    A relationship for one of its people. `other` is the one other of a pair; of a group or
    circle it is empty, and `others` are all of them.
    """

    relationship: Relationship
    me: str
    zone: str
    other: str
    others: tuple[Belonging, ...]
    is_circle: bool

    @property
    def ours(self) -> str:
        """What they call themselves."""
        return _("your circle") if self.is_circle else _("your group")


async def _case(
    session: AsyncSession, promised: Letter, *, state: RelationshipState = RelationshipState.RUNNING
) -> _Case | None:
    """None unless the relationship is in `state`, or she has left it."""
    relationship = (
        await session.execute(
            select(Relationship).where(Relationship.id == UUID(promised.about["relationship_id"]))
        )
    ).scalar_one_or_none()
    if relationship is None or relationship.state != state:
        return None
    people = await queries.people(session, relationship)
    me = next((one for one in people if one.person_id == promised.person_id), None)
    if me is None:
        return None
    others = tuple(one for one in people if one is not me)
    is_pair = relationship.party_id is None
    return _Case(
        relationship,
        isolated(me.full_name),
        me.time_zone,
        isolated(others[0].full_name) if is_pair else "",
        others,
        all(one.role == ParticipantRole.PEER for one in people),
    )


@letter("relationship.confirmed", title=N_("You are a pair"))
async def confirmed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """K37: who helps, and what to fill in together. Of a group or circle, who is in it and how to reach them."""
    case = await _case(session, promised)
    if case is None:
        return None
    ends = day_words(case.relationship.ends_on, clock.today(desk.time_zone))
    url = desk.url(f"/me/pair/{case.relationship.id}")
    if not case.other:
        return _begun_together(case, ends, url)
    return Text(
        subject=_("You and %(name)s are a pair", name=case.other),
        heading=_("You both want to go on: welcome as a pair"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("You and %(name)s both said yes. From today your mentoring runs until %(day)s.", name=case.other, day=ends),
            _("At your next meeting, please write the agreement and the activity plan together, and send us a copy "
              "within three weeks."),
            _("Your coordinator stays by your side, and asks how it goes from time to time."),
        ],
        button=(_("Open your pair’s page"), url),
    )  # fmt: skip


def _begun_together(case: _Case, ends: str, url: str) -> Text:
    people = [
        (
            _mentor_or_peer(one),
            ", ".join(part for part in (isolated(one.full_name), one.email, one.phone) if part),
        )
        for one in case.others
    ]
    first = (
        _(
            "Enough of you said yes: your circle begins today and runs until %(day)s. You take turns to lead it, and you decide together when you meet.",
            day=ends,
        )
        if case.is_circle
        else _("Enough of you said yes: your group begins today and runs until %(day)s.", day=ends)
    )
    return Text(
        subject=_("Your circle begins") if case.is_circle else _("Your group begins"),
        heading=_("Welcome to your circle") if case.is_circle else _("Welcome to your group"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            first,
            _("Whoever proposes a time first, on your page, invites all the others."),
            _("Your coordinator stays by your side, and asks how it goes from time to time."),
        ],
        button=(_("Open your circle’s page") if case.is_circle else _("Open your group’s page"), url),
        facts=people,
    )  # fmt: skip


def _mentor_or_peer(one: Belonging) -> str:
    names = {ParticipantRole.MENTOR: _("Mentor"), ParticipantRole.MENTEE: _("Mentee")}
    return names.get(ParticipantRole(one.role), _("Peer"))


@letter("relationship.ended", title=N_("Your mentoring has come to its end"))
async def ended(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """K43: the same words to all, whatever the reason: no more follow-ups, and the door stays open."""
    case = await _case(session, promised, state=RelationshipState.ENDED)
    if case is None:
        return None
    if not case.other:
        return Text(
            subject=_("Your circle has come to its end") if case.is_circle else _("Your group has come to its end"),
            heading=_("Thank you for your time together"),
            paragraphs=[
                _("Dear %(name)s,", name=case.me),
                _("Your circle in our programme has come to its end.") if case.is_circle
                else _("Your group in our programme has come to its end."),
                _("We send no more follow-ups. All of you may go on in private as you like, and you may always "
                  "ask your coordinator for support."),
            ],
            button=(_("Look back at your meetings"), desk.url(f"/me/pair/{case.relationship.id}")),
        )  # fmt: skip
    return Text(
        subject=_("Your mentoring with %(name)s", name=case.other),
        heading=_("Thank you for your time together"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("Your mentoring with %(name)s in our programme has come to its end.", name=case.other),
            _("We send no more follow-ups. The two of you may go on in private as you like, and you may always "
              "ask your coordinator for support."),
        ],
        button=(_("Look back at your meetings"), desk.url(f"/me/pair/{case.relationship.id}")),
    )  # fmt: skip


async def _meeting(session: AsyncSession, promised: Letter, *states: MeetingState) -> Meeting | None:
    found = (
        await session.execute(select(Meeting).where(Meeting.id == UUID(promised.about["meeting_id"])))
    ).scalar_one_or_none()
    return found if found and found.state in states else None


def _when(meeting: Meeting, zone: str) -> str:
    return moment_words(meeting.starts_at, zone, clock.today(zone))


async def _offers(session: AsyncSession, first: Meeting) -> list[Meeting]:
    """All times that were offered together with this one and still stand."""
    rows = await session.execute(
        select(Meeting)
        .where(
            Meeting.relationship_id == first.relationship_id,
            Meeting.proposed_by == first.proposed_by,
            Meeting.state == MeetingState.PROPOSED,
        )
        .order_by(Meeting.starts_at)
    )
    return list(rows.scalars())


@letter("meeting.proposed", title=N_("A time for a meeting"), may_drop=True)
async def proposed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    meeting = await _meeting(session, promised, MeetingState.PROPOSED)
    if case is None or meeting is None:
        return None
    by = case.other or next(
        (isolated(one.full_name) for one in case.others if one.participation_id == meeting.proposed_by), case.ours
    )  # fmt: skip
    return Text(
        subject=_("%(name)s proposes a meeting", name=by),
        heading=_("%(name)s proposes a meeting", name=by),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("Please say which time suits you, or propose another one."),
        ],
        facts=[
            (_("Time %(number)s", number=number), _when(offer, case.zone))
            for number, offer in enumerate(await _offers(session, meeting), start=1)
        ],
        button=(_("Choose a time"), desk.url(f"/me/pair/{case.relationship.id}")),
    )


@letter("meeting.agreed", title=N_("A meeting is agreed"), may_drop=True)
async def agreed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    meeting = await _meeting(session, promised, MeetingState.AGREED)
    if case is None or meeting is None:
        return None
    place = [(_("Place"), meeting.place)] if meeting.place else []
    url = desk.url(f"/me/pair/{case.relationship.id}")
    with_whom = case.other or case.ours
    return Text(
        subject=_("Your meeting with %(name)s", name=with_whom),
        heading=_("You will meet %(name)s", name=with_whom),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("%(name)s agreed to your time.", name=case.other)
            if case.other
            else _("A time is agreed for all of you. Cancel it on your page if it cannot be held."),
        ],
        facts=[(_("When"), _when(meeting, case.zone)), *place],
        button=(_open_page(case), url),
        event=event(meeting, other=with_whom, url=url),
    )


def _open_page(case: _Case) -> str:
    if case.other:
        return _("Open your pair’s page")
    return _("Open your circle’s page") if case.is_circle else _("Open your group’s page")


@letter("meeting.cancelled", title=N_("A meeting is cancelled"))
async def cancelled(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    meeting = await _meeting(session, promised, MeetingState.CANCELLED)
    if case is None or meeting is None:
        return None
    with_whom = case.other or case.ours
    return Text(
        subject=_("Your meeting with %(name)s is cancelled", name=with_whom),
        heading=_("%(name)s had to cancel your meeting", name=case.other)
        if case.other
        else _("Somebody had to cancel your meeting"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("The meeting of %(time)s does not take place. Propose another time when it suits you.",
              time=_when(meeting, case.zone)),
        ],
        button=(_("Propose another time"), desk.url(f"/me/pair/{case.relationship.id}")),
        event=event(meeting, other=with_whom),
    )  # fmt: skip
