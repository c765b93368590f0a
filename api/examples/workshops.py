"""Examples of workshops: planned, moved, filled with guests, and over."""

from typing import Any

from api.examples.shared import CYCLE, MENTEE, OTHER, PERSON, PROGRAMME, THIS

_PLAN = {
    "kind": "introduction", "audience": "mentees", "title": {"en": "Getting started"},
    "words": {"en": "We get to know each other."}, "at": "2026-12-07T10:00", "time_zone": "Africa/Nairobi",
    "minutes": 180, "place": "Obala 4, third floor", "language": "en", "places": 24,
}  # fmt: skip
_WORKSHOP = {
    "id": THIS, "programme_id": PROGRAMME, "cycle_id": CYCLE, "office_id": None, "kind": "introduction",
    "audience": "mentees", "state": "planned", "title": {"en": "Getting started"},
    "words": {"en": "We get to know each other."}, "starts_at": "2026-12-07T07:00:00Z",
    "wall_time": "2026-12-07T10:00", "time_zone": "Africa/Nairobi", "minutes": 180, "place": "Obala 4, third floor",
    "link": None, "language": "en", "places": 24, "sequence": 0, "version": 1,
    "guests": {"invited": 30, "coming": 24, "waiting": 2, "no_answer": 4, "came": 0},
}  # fmt: skip
_RESULTS = {
    "answers": 11, "came": 20, "useful": {"1": 0, "2": 1, "3": 2, "4": 3, "5": 5}, "by_role": {},
    "will_use": ["The card about asking"], "missing": ["More time to talk"],
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "workshops.plan": (_PLAN | {"cycle_id": CYCLE}, _WORKSHOP),
    "workshops.change": (
        _PLAN | {"at": "2026-12-08T10:00", "version": 1},
        _WORKSHOP | {"starts_at": "2026-12-08T07:00:00Z", "wall_time": "2026-12-08T10:00", "sequence": 1, "version": 2},
    ),
    "workshops.cancel": ({"version": 1}, _WORKSHOP | {"state": "cancelled", "sequence": 1, "version": 2}),
    "workshops.rehearse": (
        {"statuses": ["READY TO BE MATCHED"]},
        {
            "number": 1, "without_email": 0,
            "first": [
                {
                    "participation_id": MENTEE, "person_id": PERSON, "full_name": "Wanjiru Kamau", "role": "mentee",
                    "status": "READY TO BE MATCHED", "can_be_written_to": True,
                }
            ],
            "staying": {"invited": 29, "left": 2},
            "letter": {
                "language": "en", "subject": "An invitation: Getting started",
                "heading": "You are invited: Getting started", "paragraphs": ["Dear Wanjiru Kamau,"],
                "facts": [["When", "Monday, 7 December 2026, 10:00 in Nairobi"]],
            },
        },
    ),
    "workshops.invite": ({"statuses": ["READY TO BE MATCHED"]}, {"batch_id": OTHER, "number": 30}),
    "workshops.undo": (None, {"taken_back": 29, "too_late": 1}),
    "workshops.note_answer": ({"answer": "come"}, {"id": OTHER, "state": "coming"}),
    "workshops.attend": ({"came": [OTHER], "stayed_away": []}, {"came": 1}),
    "workshop_attendance.preview": (
        {"standing": ["coming"]}, {"number": 22, "first": ["Wanjiru Kamau"], "already": 2},
    ),
    "workshop_attendance.attend_all": ({"standing": ["coming"]}, {"deed_id": OTHER, "number": 22}),
    "workshops.add": ({"participation_id": MENTEE}, {"id": OTHER, "state": "unasked"}),
    "workshops.note_opinion": ({"role": "mentee", "useful": 4, "will_use": "The cards"}, _RESULTS),
    "workshops.answer": ({"answer": "come"}, {"id": OTHER, "state": "waiting"}),
    "workshops.say": ({"useful": 5, "will_use": "The card about asking", "missing": None}, None),
}  # fmt: skip
