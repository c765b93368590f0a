"""
Who acts. Every query and action takes one; doors and workers make it, the domain never does.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from infra.db.context import Context
from infra.errors import Forbidden, StepUpNeeded
from tenants.permissions import SUPPORT, Permission, Role, of

Kind = Literal["person", "token", "house", "visitor", "support"]
FRESH_WITHIN = timedelta(minutes=15)


class NotHerself(Forbidden):
    """Support, at what it may do in nobody's place."""

    code = "not_herself"


class ForWholeOrganisation(Forbidden):
    """Somebody who works for some offices, at what all offices share and she did not make."""

    code = "for_whole_organisation"


@dataclass(frozen=True, slots=True)
class Half:
    """Whoever has signed in, and has still to show the passkey that her organisation demands."""

    person_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """
    A person, an API token of hers, the house itself (a job), a visitor who has not signed in, or somebody of the
    platform's support whom a person or her organisation has let in (`support_id`), in her place and with less rights.

    `offices` narrows a coordinator to the cases of those offices; empty means the
    whole organisation. `verified_at` is when the person last proved who she is, by signing
    in or by a step-up; None for whoever has not, and for tokens. `half` is who a visitor will be
    once she has shown her passkey; until then she may do what any visitor may.
    """

    organisation_id: UUID
    kind: Kind
    person_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    offices: frozenset[UUID] = field(default_factory=frozenset)
    session_id: UUID | None = None
    token_id: UUID | None = None
    language: str = "en"
    time_zone: str = "UTC"
    verified_at: datetime | None = None
    support_id: UUID | None = None
    half: Half | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """
        Raises:
            Forbidden: this actor has no role that carries `permission`.
        """
        if permission not in self.permissions:
            raise Forbidden(permission=permission.value)

    def require_person(self) -> UUID:
        """
        The person who acts, or in whose place support does.

        Raises:
            Forbidden: the actor is a visitor or the house.
        """
        if self.person_id is None:
            raise Forbidden(permission="person")
        return self.person_id

    def require_herself(self) -> UUID:
        """
        The person who acts, where nobody may do so in her place: what she signs in by, agrees to or says in confidence.

        Raises:
            NotHerself: the actor is support.
            Forbidden: it is a visitor or the house.
        """
        self.refuse_support()
        return self.require_person()

    def refuse_support(self) -> None:
        """
        Raises:
            NotHerself: the actor is support.
        """
        if self.support_id is not None:
            raise NotHerself

    def require_fresh(self, now: datetime) -> None:
        """
        Only for a person who has proved within the last quarter of an hour that it is she; a token never has.

        Raises:
            StepUpNeeded: her page then asks her, and leads back to where she was.
            NotHerself: the actor is support, which cannot prove to be her.
        """
        self.refuse_support()
        if self.kind != "person" or self.verified_at is None or now - self.verified_at > FRESH_WITHIN:
            raise StepUpNeeded(within_minutes=int(FRESH_WITHIN.total_seconds() // 60))

    def require_fresh_session(self, now: datetime) -> None:
        """
        As `require_fresh` for whoever has come by a session. Tokens were made for what they may do by somebody who was asked.

        Raises:
            StepUpNeeded, Forbidden
        """
        if self.session_id is not None:
            self.require_fresh(now)

    def sees_office(self, office_id: UUID | None) -> bool:
        return not self.offices or office_id in self.offices

    def keeps(self, maker_id: UUID | None) -> bool:
        """
        Whether she may change or end what belongs to no office: whoever works for the whole organisation, and whoever
        made it, or cares for it.
        """
        return not self.offices or (maker_id is not None and maker_id == self.person_id)

    def require_keeper(self, maker_id: UUID | None) -> None:
        """
        Raises:
            ForWholeOrganisation: she works for some offices, and somebody else has made it.
        """
        if not self.keeps(maker_id):
            raise ForWholeOrganisation

    def context(self) -> Context:
        """What the database is told, and checks, about this actor. It never takes support for the person."""
        if self.support_id is not None:
            return Context(self.organisation_id)
        return Context(self.organisation_id, self.person_id, tuple(sorted(self.roles)))


def house(organisation_id: UUID) -> Actor:
    """The house itself, in a job: it may do whatever the job's action asks."""
    return Actor(organisation_id, "house", permissions=frozenset(Permission))


def visitor(organisation_id: UUID, language: str = "en", *, half: Half | None = None) -> Actor:
    """Somebody who has not signed in: she may register and ask for a sign-in link."""
    return Actor(organisation_id, "visitor", language=language, half=half)


def person(
    organisation_id: UUID,
    person_id: UUID,
    roles: frozenset[Role],
    *,
    offices: frozenset[UUID] = frozenset(),
    session_id: UUID | None = None,
    language: str = "en",
    time_zone: str = "UTC",
    verified_at: datetime | None = None,
) -> Actor:
    """Somebody who has signed in, with all that her roles carry."""
    return Actor(
        organisation_id,
        "person",
        person_id,
        roles,
        of(roles),
        offices,
        session_id=session_id,
        language=language,
        time_zone=time_zone,
        verified_at=verified_at,
    )


def support(herself: Actor, support_id: UUID) -> Actor:
    """Support in the place of somebody who has signed in: nothing but what `SUPPORT` names, and never as herself."""
    return replace(
        herself,
        kind="support",
        permissions=herself.permissions & SUPPORT,
        verified_at=None,
        support_id=support_id,
    )
