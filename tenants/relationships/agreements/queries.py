"""Reading agreements: as one of the people, or as their coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.relationships import queries as relationships
from tenants.relationships.agreements import rules, templates
from tenants.relationships.agreements.models import (
    Agreement,
    AgreementState,
    AgreementText,
    Expectation,
    Signature,
)
from tenants.relationships.agreements.rules import Content
from tenants.relationships.agreements.templates import Text
from tenants.relationships.models import Relationship
from tenants.relationships.queries import Belonging

_LIVE = (AgreementState.DRAFT, AgreementState.IN_FORCE)
SIGNED = (AgreementState.IN_FORCE, AgreementState.REPLACED)  # by all


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that stands, with the very text that was signed."""

    participation_id: UUID
    signature: Signature
    text: AgreementText


@dataclass(frozen=True, slots=True)
class Shown:
    """
    An agreement as a page shows it: the draft if there is one, else what is in force, else an empty first one.

    `text` is what its reader would sign now, or what was signed once it is in force, and `digest` is of that with what
    is filled in.
    `people` are those of now; whoever signed and has left stands in `signed` alone.
    """

    relationship: Relationship
    people: Sequence[Belonging]
    coordinator_name: str
    agreement: Agreement | None
    content: Content
    text: Text
    digest: str
    signed: Sequence[Signed]
    number: int
    in_force: Agreement | None  # the one that holds while another is being written
    versions: Sequence[Agreement]  # the newest first, without those that were given up
    mine: UUID | None = None
    is_earlier: bool = False  # one that was asked for, and not the one with which something can be done

    def is_whole(self, one: Signed) -> bool:
        """
        Whether a signature still speaks of the very words that stand there.

        After somebody's data has been deleted it does not, since hers are gone; it stands all the same.
        """
        if self.agreement is None:
            return False
        salt = self.agreement.salt
        return one.signature.digest == rules.digest(
            one.text.body, self.content, number=self.number, salt=salt
        )

    @property
    def state(self) -> str:
        return self.agreement.state if self.agreement else AgreementState.DRAFT

    @property
    def revision(self) -> int:
        return self.agreement.revision if self.agreement else 0

    @property
    def has_signed(self) -> set[UUID]:
        return {one.participation_id for one in self.signed}


async def own(
    session: AsyncSession, actor: Actor, relationship_id: UUID, language: str, number: int | None = None
) -> Shown:
    """
    As one of its people, in her language. `number` is of a version that was signed, or is being written.

    Raises:
        NotFound: none of hers, or no such version. NoAgreement: in this structure people just meet.
        NotHerself: the actor is support.
    """
    actor.refuse_support()
    relationship, mine = await relationships.own_relationship(session, actor, relationship_id)
    return await _shown(session, relationship, language, mine, number)


async def of_case(
    session: AsyncSession, actor: Actor, relationship_id: UUID, language: str, number: int | None = None
) -> Shown:
    """
    As a coordinator of the case (K37): what people expect of each other is told to her.

    Raises:
        NotFound: not one of the actor's cases, or no such version. NoAgreement: as for `own`.
        NotHerself: the actor is support.
    """
    actor.refuse_support()
    relationship = await relationships.access_relationship(session, actor, relationship_id)
    return await _shown(session, relationship, language, None, number)


async def _shown(
    session: AsyncSession, relationship: Relationship, language: str, mine: UUID | None, number: int | None
) -> Shown:
    if not await templates.has_agreement(session, relationship.programme_id):
        raise rules.NoAgreement
    every = await versions(session, relationship.id)
    live = next((one for one in every if one.state in _LIVE), None)
    agreement = live if number is None else next((one for one in every if one.number == number), None)
    if number is not None and agreement is None:
        raise NotFound(kind="agreement", id=str(number))
    form = agreement.form if agreement else (await templates.setting(session, relationship.programme_id)).form
    signatures = await signed(session, agreement.id) if agreement else []
    text = _as_signed(agreement, signatures, mine, language)
    if text is None:
        text = await templates.current(session, relationship.programme_id, form, language)
    content = await content_of(session, agreement) if agreement else Content()
    number = agreement.number if agreement else 1
    return Shown(
        relationship,
        await relationships.people(session, relationship),
        await _coordinator(session, relationship),
        agreement,
        content,
        text,
        rules.digest(text.body, content, number=number, salt=agreement.salt if agreement else ""),
        signatures,
        number,
        next((one for one in every if one.state == AgreementState.IN_FORCE), None),
        every,
        mine,
        is_earlier=agreement is not live,
    )


def _as_signed(
    agreement: Agreement | None, signatures: Sequence[Signed], mine: UUID | None, language: str
) -> Text | None:
    """Of what all have signed the words that were signed: the reader's own, else those in her language, else the first."""
    if agreement is None or agreement.state not in SIGNED or not signatures:
        return None
    one = min(signatures, key=lambda one: (one.participation_id != mine, one.text.language != language))
    return templates.of_row(one.text)


async def latest(session: AsyncSession, relationship_id: UUID, *, lock: bool = False) -> Agreement | None:
    """The draft, or else what is in force; for whoever has access to the relationship."""
    query = (
        select(Agreement)
        .where(
            Agreement.relationship_id == relationship_id,
            Agreement.state.in_(_LIVE),
        )
        .order_by(Agreement.number.desc())
        .limit(1)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def in_force(session: AsyncSession, relationship_id: UUID) -> Agreement | None:
    query = select(Agreement).where(
        Agreement.relationship_id == relationship_id, Agreement.state == AgreementState.IN_FORCE
    )
    return (await session.execute(query)).scalar_one_or_none()


async def versions(session: AsyncSession, relationship_id: UUID) -> Sequence[Agreement]:
    """All that were ever signed or are being written, the newest first; whoever calls has access."""
    query = (
        select(Agreement)
        .where(Agreement.relationship_id == relationship_id, Agreement.state != AgreementState.DROPPED)
        .order_by(Agreement.number.desc())
    )
    return (await session.execute(query)).scalars().all()


async def last_number(session: AsyncSession, relationship_id: UUID) -> int:
    """Of all that were ever begun; 0 where none was."""
    query = select(func.max(Agreement.number)).where(Agreement.relationship_id == relationship_id)
    return (await session.execute(query)).scalar_one() or 0


async def content_of(session: AsyncSession, agreement: Agreement) -> Content:
    rows = await session.execute(
        select(Expectation.participation_id, Expectation.text).where(Expectation.agreement_id == agreement.id)
    )
    return Content(
        tuple(agreement.ways), agreement.frequency, agreement.aims, tuple(agreement.purposes),
        agreement.other_purposes, {row[0]: row[1] for row in rows},
    )  # fmt: skip


async def signed(session: AsyncSession, agreement_id: UUID) -> Sequence[Signed]:
    """The signatures that stand, in order of time."""
    query = (
        select(Signature, AgreementText)
        .join(
            AgreementText,
            (AgreementText.organisation_id == Signature.organisation_id)
            & (AgreementText.id == Signature.text_id),
        )
        .where(Signature.agreement_id == agreement_id, Signature.voided_at.is_(None))
        .order_by(Signature.signed_at, Signature.id)
    )
    return [
        Signed(row.Signature.participation_id, row.Signature, row.AgreementText)
        for row in await session.execute(query)
    ]


async def is_signed_so(
    session: AsyncSession, agreement_id: UUID, participation_id: UUID, digest: str
) -> bool:
    """Whether she has signed these very words."""
    every = await signed(session, agreement_id)
    return any((one.participation_id, one.signature.digest) == (participation_id, digest) for one in every)


async def _coordinator(session: AsyncSession, relationship: Relationship) -> str:
    query = select(Person.full_name).where(Person.id == relationship.coordinator_id)
    return (await session.execute(query)).scalar_one_or_none() or ""
