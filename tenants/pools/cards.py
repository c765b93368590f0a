"""The one query that makes cards out of participations: who is matchable, with which places, saying what."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from tenants.people.models import Person
from tenants.pools.models import Pool
from tenants.pools.places import taken
from tenants.pools.rules import CARD_FIELDS, MATCHABLE
from tenants.registration.consents import Purpose
from tenants.registration.models import Consent, ParticipantRole, Participation

Ids = ColumnElement[Sequence[UUID]]


def matchable(participation_ids: Ids) -> Select[Any]:
    """
    Cards of those who can be matched now, as rows of the table `pool_card`.

    Each table is asked for these people by their ids, in an array: in an organisation of a hundred thousand, to
    join it with all of them and leave it to the planner costs as much for one as for everybody.
    """
    mine = Participation.id == func.any(participation_ids)
    people = func.array(select(Participation.person_id).where(mine).scalar_subquery())
    used = taken(participation_ids)
    offered = case((Participation.role == ParticipantRole.MENTEE, 1), else_=Participation.capacity)
    places = cast(offered - func.coalesce(used.c.taken, 0), Integer)
    return (
        select(
            Participation.organisation_id,
            func.gen_random_uuid().label("id"),
            func.gen_random_uuid().label("card_id"),
            Pool.id.label("pool_id"),
            Participation.id.label("participation_id"),
            Participation.role.label("side"),
            places.label("open_places"),
            _fields().label("fields"),
        )
        .join(
            Pool,
            and_(
                Pool.organisation_id == Participation.organisation_id, Pool.cycle_id == Participation.cycle_id
            ),
        )
        .join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
        .outerjoin(used, used.c.participation_id == Participation.id)
        .where(
            mine,
            Person.id == func.any(people),
            Person.is_active,
            places > 0,
            or_(*_statuses()),
            _has_agreed(people),
        )
    )


def _statuses() -> list[ColumnElement[bool]]:
    return [
        and_(Participation.role == role, Participation.status.in_(statuses))
        for role, statuses in MATCHABLE.items()
    ]


def _has_agreed(people: Ids) -> ColumnElement[bool]:
    """Whoever has taken back her consent to matching has no card; one who came by a roster has given none here."""
    taken_back = (
        select(Consent.person_id)
        .where(Consent.purpose == Purpose.MATCHING, Consent.person_id == func.any(people))
        .group_by(Consent.person_id)
        .having(not_(func.bool_or(Consent.withdrawn_at.is_(None))))
    )
    return Person.id.not_in(taken_back)


def _fields() -> ColumnElement[Any]:
    """The allow-listed fields that have a value."""
    values: dict[str, Any] = {
        name: getattr(Participation, name)
        for name in (
            "topics_offered", "topics_wanted", "languages", "entity", "sector", "grade", "region",
            "experience_years", "mode", "gender_wish",
        )
    }  # fmt: skip
    values |= {
        "time_zone": Person.time_zone,
        "gender": Person.gender,
        "office": cast(Participation.office_id, Text),
        "person": _digest(cast(Person.id, Text)),
        "address": _digest(Person.email),
        "supervisor": _digest(Participation.supervisor_email),
        "excluded": _excluded(),
    }
    if set(values) != CARD_FIELDS:
        raise RuntimeError("the card and its allow-list differ")
    pairs = [part for name in sorted(values) for part in (literal(name, Text), values[name])]
    return func.jsonb_strip_nulls(func.jsonb_build_object(*pairs))


def _digest(value: Any) -> ColumnElement[Any]:
    """SHA-256 under the pool's salt, 128 bits of it; NULL of NULL."""
    salted = func.convert_to(Pool.salt + func.lower(func.btrim(value)), "UTF8")
    return func.left(func.encode(func.sha256(salted), "hex"), 32)


def _excluded() -> ColumnElement[Any]:
    listed = func.jsonb_array_elements_text(Participation.excluded_emails).table_valued("value")
    digests = (
        select(func.jsonb_agg(_digest(listed.c.value))).select_from(listed).correlate(Participation, Pool)
    )
    is_empty = Participation.excluded_emails == cast(literal([], JSONB), JSONB)
    return case((is_empty, None), else_=digests.scalar_subquery())
