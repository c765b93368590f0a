"""Examples of how people come in: registrations, interviews, rosters."""

from typing import Any

from api.examples.shared import CYCLE, MENTEE, NOW, OTHER, PERSON, PROGRAMME, THIS

_APPOINTMENT = {
    "id": THIS, "batch_id": OTHER, "participation_id": MENTEE, "coordinator_id": PERSON, "state": "asked",
    "starts_at": "2026-11-26T07:00:00Z", "wall_time": "2026-11-26T10:00", "time_zone": "Africa/Nairobi", "minutes": 45,
    "place": "Obala 4, third floor", "link": None, "language": "en", "sequence": 0, "version": "0-0", "proposed": [],
    "word": None, "answered_at": None,
}  # fmt: skip
_INVITATION = {
    "slots": [{"participation_id": MENTEE, "at": "2026-11-26T10:00"}], "time_zone": "Africa/Nairobi",
    "place": "Obala 4, third floor",
}  # fmt: skip
_PARTICIPATION: dict[str, Any] = {
    "id": MENTEE, "person_id": PERSON, "full_name": "Wanjiru Kamau", "role": "mentee", "status": "REGISTERED",
    "status_at": NOW, "registered_on": "2026-11-22", "interview_on": None, "interviewed_on": None,
    "programme_id": PROGRAMME, "cycle_id": CYCLE, "office_id": None, "answers": {"topics_wanted": ["leadership"]},
    "missing": [], "note": None, "end_reason": None,
}  # fmt: skip
_AWAITING = _PARTICIPATION | {"status": "AWAITING INTERVIEW"}
_INTERVIEWED = _AWAITING | {"interviewed_on": "2026-11-20"}
_IMPORT = {
    "id": THIS, "cycle_id": CYCLE, "file_name": "roster.csv", "file_digest": "9f86d081884c7d65", "state": "staged",
    "version": 2, "created_at": NOW, "committed_at": None, "counts": {"all": 12, "to_commit": 11, "refused": 1},
    "reading": {"encoding": "utf-8", "delimiter": ","}, "columns": {"0": "full_name", "1": "email"}, "choices": {},
    "groups": [
        {
            "group": "emails", "severity": "refused", "rows": 1, "decisions": ["accept"], "decision": None,
            "values": [],
        }
    ],
    "fault": None, "in_use": [],
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "registrations.register": (
        {
            "programme_id": PROGRAMME, "role": "mentee", "full_name": "Wanjiru Kamau", "email": "wanjiru@example.org",
            "language": "en", "channel": "phone", "is_confirmed": True, "consents": ["taking_part", "matching"],
            "answers": {"topics_wanted": ["leadership"], "languages": [{"code": "en", "level": 3}]},
        },
        {"id": THIS, "participation_id": MENTEE, "expires_at": None},
    ),
    "registrations.confirm": (
        {"channel": "phone"}, {"id": THIS, "participation_id": MENTEE, "expires_at": None},
    ),
    "registrations.change": ({"answers": {"topics_wanted": ["leadership"]}}, _PARTICIPATION),
    "statuses.select_for_interview": (None, _AWAITING),
    "statuses.interview_held": ({"on": "2026-11-20"}, _INTERVIEWED),
    "statuses.make_ready": (None, _INTERVIEWED | {"status": "READY TO BE MATCHED"}),
    "statuses.to_network": ({"reason": "Has no time this year"}, _PARTICIPATION | {"status": "NETWORK PARTICIPANT"}),
    "statuses.leave": ({"reason": "Moved"}, _PARTICIPATION | {"status": "LEFT", "end_reason": "Moved"}),
    "statuses.reapply": (None, _PARTICIPATION),
    "statuses.undo": (None, _PARTICIPATION),
    "interviews.plan": (
        {"at": "2026-11-26T10:00:00+03:00"}, {"participation_id": MENTEE, "interview_on": "2026-11-26T07:00:00Z"},
    ),
    "appointments.rehearse": (
        _INVITATION,
        {
            "invited": [MENTEE], "staying": [],
            "letter": {
                "language": "en", "subject": "An invitation to an interview on Thursday 26 November",
                "heading": "We would like to get to know you", "paragraphs": ["Dear Wanjiru Kamau,"],
                "facts": [["When", "Thursday, 26 November 2026, 10:00 in Nairobi"]],
            },
        },
    ),
    "appointments.invite": (_INVITATION, {"batch_id": OTHER, "invited": [_APPOINTMENT], "staying": []}),
    "appointments.undo": (None, {"taken_back": 1, "too_late": 0}),
    "appointments.move": ({"at": "2026-11-27T10:00", "place": "By telephone"}, _APPOINTMENT | {"sequence": 1}),
    "appointments.accept": ({"at": "2026-11-27T07:00:00Z"}, _APPOINTMENT | {"state": "confirmed", "sequence": 1}),
    "appointments.cancel": ({}, _APPOINTMENT | {"state": "cancelled", "sequence": 1}),
    "appointments.answer": (
        {"answer": "other", "times": ["2026-11-27T10:00"], "word": "After work, please"},
        {
            "id": THIS, "participation_id": MENTEE, "state": "proposed", "starts_at": "2026-11-26T07:00:00Z",
            "minutes": 45, "place": "Obala 4, third floor", "link": None, "language": "en",
            "proposed": [
                {"at": "2026-11-27T07:00:00Z", "wall_time": "2026-11-27T10:00", "time_zone": "Africa/Nairobi"},
            ],
            "word": "After work, please",
        },
    ),
    "interviews.note": ({"note": "Prefers mornings."}, None),
    "told.settle": ({"take": ["phone"]}, {"participation_id": MENTEE, "told": {}}),
    "imports.upload": (None, _IMPORT | {"state": "uploaded", "version": 1, "counts": {}, "groups": []}),
    "imports.decide": ({"version": 2, "groups": {"emails": "accept"}}, _IMPORT | {"version": 3}),
    "imports.commit": ({"version": 3, "have_agreed": True, "status": "registered"}, _IMPORT | {"state": "committing"}),
    "imports.revert": (None, _IMPORT | {"state": "reverting", "committed_at": NOW}),
    "imports.discard": (None, _IMPORT | {"state": "discarded"}),
}  # fmt: skip
