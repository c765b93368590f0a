"""The letters about an agreement, and about notice."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, listed
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.relationships import queries
from tenants.relationships.agreements.models import Agreement, AgreementState, Signature
from tenants.relationships.agreements.notice_models import Notice, NoticeState
from tenants.relationships.models import Relationship, RelationshipState


@dataclass(frozen=True, slots=True)
class _Case:
    """A running relationship for one of its people."""

    relationship: Relationship
    me: str
    mine: UUID
    others: str

    def page(self, desk: Desk, what: str = "") -> str:
        return desk.url(f"/me/pair/{self.relationship.id}{what}")


async def _case(session: AsyncSession, promised: Letter) -> _Case | None:
    """None when it has ended, or she has left it."""
    query = select(Relationship).where(Relationship.id == UUID(promised.about["relationship_id"]))
    relationship = (await session.execute(query)).scalar_one_or_none()
    if relationship is None or relationship.state != RelationshipState.RUNNING:
        return None
    people = await queries.people(session, relationship)
    me = next((one for one in people if one.person_id == promised.person_id), None)
    if me is None:
        return None
    others = [isolated(one.full_name) for one in people if one is not me]
    return _Case(relationship, isolated(me.full_name), me.participation_id, listed(others))


async def _agreement(
    session: AsyncSession, promised: Letter, case: _Case | None, *states: AgreementState
) -> tuple[Agreement, bool] | None:
    """The agreement if it still stands so, and whether she has signed it."""
    if case is None:
        return None
    query = select(Agreement).where(Agreement.id == UUID(promised.about["agreement_id"]))
    agreement = (await session.execute(query)).scalar_one_or_none()
    if agreement is None or agreement.state not in states:
        return None
    signed = select(Signature.id).where(
        Signature.agreement_id == agreement.id,
        Signature.participation_id == case.mine,
        Signature.voided_at.is_(None),
    )
    return agreement, (await session.execute(signed)).first() is not None


@letter("agreement.to_sign", title=N_("Your agreement waits for your signature"))
async def to_sign(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.DRAFT)
    if case is None or found is None or found[1]:
        return None
    return Text(
        subject=_("Your mentoring agreement waits for your signature"),
        heading=_("Your agreement is filled in: please read and sign it"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("The agreement with %(names)s has got a signature, and now waits for yours. Read it in your language. "
              "If something is not right, change it: then all of you sign anew.", names=case.others),
        ],
        button=(_("Read the agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


@letter("agreement.changed", title=N_("Your agreement was changed after you had signed"))
async def changed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.DRAFT)
    if case is None or found is None or found[1]:
        return None
    return Text(
        subject=_("Your mentoring agreement was changed: please sign again"),
        heading=_("Your agreement was changed after you had signed"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("What you agree on with %(names)s has been changed. You had signed other words, so your signature no "
              "longer counts. Please read it again, and sign if it suits you.", names=case.others),
        ],
        button=(_("Read the agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


@letter("agreement.signed", title=N_("Your agreement is signed by all"))
async def signed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.IN_FORCE)
    if case is None or found is None:
        return None
    return Text(
        subject=_("Your mentoring agreement is signed"),
        heading=_("Your agreement is signed by all of you"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("You and %(names)s have signed your agreement. Your page has it as a file to keep or print, with your "
              "activity plan. Your coordinator has a copy.", names=case.others),
        ],
        button=(_("Open your agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


@letter("agreement.review", title=N_("Look at your agreement again"))
async def review(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.IN_FORCE)
    if case is None or found is None:
        return None
    return Text(
        subject=_("Does your mentoring agreement still suit you?"),
        heading=_("It is time to look at your agreement again"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("Please look at your agreement together with %(names)s. Keep it, write a new one, or end your mentoring if "
              "what you expected has come true.", names=case.others),
        ],
        button=(_("Open your agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


async def _notice(session: AsyncSession, promised: Letter, state: NoticeState) -> Notice | None:
    query = select(Notice).where(Notice.id == UUID(promised.about["notice_id"]), Notice.state == state)
    return (await session.execute(query)).scalar_one_or_none()


@letter("notice.given", title=N_("Your mentoring ends on a day that is known"))
async def given(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    notice = await _notice(session, promised, NoticeState.GIVEN)
    if case is None or notice is None:
        return None
    day = _day(notice.ends_on, desk)
    if case.relationship.party_id is not None:
        told = _(
            "Somebody ends her part in your group or circle as your agreement says: on %(day)s.", day=day
        )
    else:
        told = _(
            "%(names)s ends your mentoring as your agreement says: it lasts until %(day)s. That says nothing about "
            "you.",
            names=case.others,
            day=day,
        )
    return Text(
        subject=_("Your mentoring: an end on %(day)s", day=day),
        heading=_("Notice was given for %(day)s", day=day),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            told,
            _(
                "Use the last week to look back together. If something weighs on you, your coordinator is there."
            ),
        ],
        button=(_("Open your page"), case.page(desk)),
    )


@letter("notice.taken_back", title=N_("Your mentoring goes on"))
async def taken_back(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    notice = await _notice(session, promised, NoticeState.TAKEN_BACK)
    if case is None or notice is None:
        return None
    return Text(
        subject=_("Your mentoring goes on"),
        heading=_("The notice was taken back, and you go on"),
        paragraphs=[
            _("Dear %(name)s,", name=case.me),
            _("The notice for %(day)s was taken back. Your mentoring with %(names)s goes on as before.",
              day=_day(notice.ends_on, desk), names=case.others),
        ],
        button=(_("Open your page"), case.page(desk)),
    )  # fmt: skip


def _day(day: date, desk: Desk) -> str:
    return day_words(day, clock.today(desk.time_zone), relative=False)
