"""The letters about an agreement, and about notice."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, listed
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import OTHERS, READER
from tenants.notifications.wording.filling import Value
from tenants.proposals import leaving
from tenants.registration.around import around_of
from tenants.relationships import queries
from tenants.relationships.agreements import wording
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

    def who(self, session: AsyncSession) -> dict[str, Value]:
        return {READER: self.me, OTHERS: self.others, **around_of(session, self.mine)}

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
    """The agreement if it still stands so, and whether she has signed it. Nothing for who has left the programme."""
    if case is None or await leaving.has_left(session, case.mine):
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


@letter("agreement.to_sign", title=N_("Your agreement waits for your signature"), words=wording.TO_SIGN)
async def to_sign(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.DRAFT)
    if case is None or found is None or found[1]:
        return None
    return Filling(
        case.who(session),
        button=(_("Read the agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


@letter(
    "agreement.changed", title=N_("Your agreement was changed after you had signed"), words=wording.CHANGED
)
async def changed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.DRAFT)
    if case is None or found is None or found[1]:
        return None
    return Filling(
        case.who(session),
        button=(_("Read the agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


@letter("agreement.signed", title=N_("Your agreement is signed by all"), words=wording.SIGNED)
async def signed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.IN_FORCE)
    if case is None or found is None:
        return None
    return Filling(
        case.who(session),
        button=(_("Open your agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


@letter("agreement.review", title=N_("Look at your agreement again"), words=wording.REVIEW)
async def review(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    found = await _agreement(session, promised, case, AgreementState.IN_FORCE)
    if case is None or found is None:
        return None
    return Filling(
        case.who(session),
        button=(_("Open your agreement"), case.page(desk, "/agreement")),
    )  # fmt: skip


async def _notice(session: AsyncSession, promised: Letter, state: NoticeState) -> Notice | None:
    query = select(Notice).where(Notice.id == UUID(promised.about["notice_id"]), Notice.state == state)
    return (await session.execute(query)).scalar_one_or_none()


@letter("notice.given", title=N_("Your mentoring ends on a day that is known"), words=wording.GIVEN)
async def given(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
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
    return Filling(
        {**case.who(session), wording.NOTICE_DAY: day, wording.NOTICE: told},
        button=(_("Open your page"), case.page(desk)),
    )


@letter("notice.taken_back", title=N_("Your mentoring goes on"), words=wording.TAKEN_BACK)
async def taken_back(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await _case(session, promised)
    notice = await _notice(session, promised, NoticeState.TAKEN_BACK)
    if case is None or notice is None:
        return None
    return Filling(
        {**case.who(session), wording.NOTICE_DAY: _day(notice.ends_on, desk)},
        button=(_("Open your page"), case.page(desk)),
    )  # fmt: skip


def _day(day: date, desk: Desk) -> str:
    return day_words(day, clock.today(desk.time_zone), relative=False)
