"""Writing down what happened, in the transaction in which it happens."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.audit.models import AuditEvent


def record(
    session: AsyncSession,
    actor: Actor,
    event: StrEnum,
    *,
    kind: str,
    id: UUID | None = None,
    **details: Any,
) -> None:
    """
    Add one event about the object `kind`/`id`.

    `details` are ids, states, counts and names of fields, never what somebody
    wrote or answered: the trail is read by more people than the case is.
    """
    session.add(
        AuditEvent(
            organisation_id=actor.organisation_id,
            event=event.value,
            actor_kind=actor.kind,
            person_id=actor.person_id,
            token_id=actor.token_id,
            object_kind=kind,
            object_id=id,
            details=details,
        )
    )
