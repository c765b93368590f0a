"""People who still take part, as far as a coordinator's offices reach: what lists of other rooms count by."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from tenants.actor import Actor
from tenants.registration.models import Participation, Status


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """Participations of those who have not left, in the actor's offices; in all for who works for the whole organisation."""
    stays = Participation.status != Status.LEFT
    return and_(stays, Participation.office_id.in_(actor.offices)) if actor.offices else stays


def number_within_reach(actor: Actor, table: Any, belongs: ColumnElement[bool]) -> Any:
    """
    Select how many rows of `table`, which has a `participation_id`, stand for somebody within reach.

    `belongs` says what they belong to; correlate it with the list that shows the number.
    """
    return (
        select(func.count())
        .select_from(table)
        .join(
            Participation,
            and_(
                Participation.organisation_id == table.organisation_id,
                Participation.id == table.participation_id,
            ),
        )
        .where(belongs, within_reach(actor))
    )
