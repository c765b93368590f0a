"""
What stands in a row of a list of cases: names, roles, coordinator, programme, and when they last met.

The rows are chosen first, by their ids, and looked up afterwards (docs/decisions/0007).
"""

from sqlalchemy import case, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from infra.db.lookup import CHOSEN, keyed, lookup
from tenants.people.models import Person
from tenants.programmes.models import Programme
from tenants.registration.models import Participation
from tenants.relationships.models import Meeting, MeetingState, Member, Relationship

_Mentor = keyed(Participation, Relationship.mentor_id, "person_id")
_Mentee = keyed(Participation, Relationship.mentee_id, "person_id")
_MentorPerson = keyed(Person, _Mentor.c.person_id, "full_name")
_MenteePerson = keyed(Person, _Mentee.c.person_id, "full_name")
_Coordinator = keyed(Person, Relationship.coordinator_id, "full_name", "is_active")
_MemberOf = keyed(Participation, Member.participation_id, "person_id")
_MemberPerson = keyed(Person, _MemberOf.c.person_id, "full_name", "search_key")
_MEMBERS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "id", Member.participation_id, "person_id", _MemberOf.c.person_id,
                    "name", _MemberPerson.c.full_name, "role", Member.role,
                ),
                Member.role != "mentor", _MemberPerson.c.search_key, Member.participation_id,
            )
        )
    )
    .select_from(Member)
    .join(_MemberOf, true())
    .join(_MemberPerson, true())
    .where(Member.relationship_id == Relationship.id, Member.left_at.is_(None))
    .scalar_subquery()
)  # fmt: skip
_LAST_MEETING = (
    select(func.max(Meeting.starts_at))
    .where(Meeting.relationship_id == Relationship.id, Meeting.state == MeetingState.HELD)
    .scalar_subquery()
)
_LOOKUP = lookup(
    select(
        *Relationship.__table__.columns,
        _MentorPerson.c.full_name.label("mentor_name"),
        _MenteePerson.c.full_name.label("mentee_name"),
        _Mentor.c.person_id.label("mentor_person_id"),
        _Mentee.c.person_id.label("mentee_person_id"),
        # Whoever has left coordinates nothing: such a case stands without a coordinator until it is handed over.
        case((_Coordinator.c.is_active, _Coordinator.c.full_name)).label("coordinator_name"),
        Programme.name.label("programme_name"),
        Programme.structure.label("structure"),
        _LAST_MEETING.label("last_meeting_at"),
        _MEMBERS.label("members"),
    )
    .select_from(Relationship)
    .outerjoin(_Mentor, true())
    .outerjoin(_Mentee, true())
    .outerjoin(_MentorPerson, true())
    .outerjoin(_MenteePerson, true())
    .join(Programme, Programme.id == Relationship.programme_id)
    .outerjoin(_Coordinator, true())
    .where(Relationship.id == CHOSEN.c.id)
)
LISTED = aliased(Relationship, _LOOKUP.one, name="Relationship")
NAMED = _LOOKUP.showing(
    LISTED, *(column for column in _LOOKUP.c if column.name not in Relationship.__table__.columns)
)
