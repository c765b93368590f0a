"""Examples of a coordinator’s day."""

from typing import Any

from api.examples.shared import MENTEE, NOW, OTHER, PERSON, THIS

_CONCERN = {
    "id": THIS, "person_id": PERSON, "full_name": "Wanjiru Kamau", "text": "She asked me for money.",
    "created_at": NOW, "read_at": NOW, "settled_at": None,
}  # fmt: skip
_CONTACT = {
    "id": THIS, "relationship_id": OTHER, "person_id": None, "by_id": PERSON, "channel": "call", "on": "2026-11-20",
    "subject": None, "words": "Both are content.", "created_at": NOW,
}  # fmt: skip
_CONFLICT = {
    "id": THIS, "relationship_id": OTHER, "concern_id": None, "opened_by": PERSON, "helper_id": None,
    "summary": "They disagree on how often to meet.", "state": "open", "outcome": None, "agreed": None,
    "shared_at": None, "opened_at": NOW, "closed_at": None,
    "steps": [
        {
            "id": OTHER, "item": "hear_each", "title": None, "due_on": "2026-11-24", "done_on": None, "note": None,
        },
    ],
}  # fmt: skip
_TASK = {
    "id": THIS, "kind": "registration.read", "due_on": "2026-11-24", "about": {"participation_id": MENTEE},
    "person_id": PERSON, "office_id": None,
}  # fmt: skip
_LETTER = {
    "id": THIS, "kind": "registration.received", "language": "en", "state": "waiting", "due_at": NOW, "sent_at": None,
    "error": None,
    "text": {
        "subject": "We have your registration", "heading": "What happens now", "paragraphs": ["Dear Wanjiru Kamau,"],
        "facts": [["Soon", "A coordinator reads what you wrote."]], "button": "See my next step", "small_print": [],
    },
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "concerns.tell": (
        {"text": "She asked me for money.", "readers": [OTHER]}, {"readers": [OTHER], "created_at": NOW},
    ),
    "concerns.settle": (None, _CONCERN | {"settled_at": NOW}),
    "deeds.preview": (
        {"do": "remind", "of": "cases", "ids": [THIS, OTHER], "role": "mentor"},
        {
            "number": 1, "languages": {"en": 1},
            "left_out": [
                {
                    "names": ["Njeri Mwangi"], "reason": "nothing_open", "person_id": OTHER, "relationship_id": OTHER,
                    "task_id": None,
                },
            ],
        },
    ),
    "deeds.do": (
        {"do": "move", "of": "tasks", "ids": [THIS, OTHER], "on": "2026-11-24"},
        {"id": THIS, "number": 2, "left_out": []},
    ),
    "deeds.undo": (None, {"back": 2, "stayed": 0}),
    "deeds.preview_hand_over": (
        {"from_id": PERSON, "to": [OTHER]},
        {
            "number": 14, "shares": [{"person_id": OTHER, "counts": {"case": 9, "proposal": 1, "task": 4}}], "stays": 1,
            "left_out": [],
        },
    ),
    "deeds.hand_over": ({"from_id": PERSON, "to": [OTHER]}, {"id": THIS, "number": 14, "left_out": []}),
    "contacts.note": (
        {"channel": "call", "on": "2026-11-20", "words": "Both are content.", "person_id": None}, _CONTACT,
    ),
    "contacts.note_of_person": (
        {"channel": "note", "on": "2026-11-20", "words": "Prefers mornings."},
        _CONTACT | {"relationship_id": None, "person_id": PERSON, "channel": "note", "words": "Prefers mornings."},
    ),
    "contacts.correct": (
        {"channel": "meeting", "on": "2026-11-20", "words": "Both are content."}, _CONTACT | {"channel": "meeting"},
    ),
    "contacts.remove": (None, None),
    "contacts.set_phase": (
        {"phase": "maturation"},
        {"phase": "maturation", "by_dates": "cultivation", "set_by": "Hana Helper", "set_at": NOW},
    ),
    "conflicts.open_conflict": ({"summary": "They disagree on how often to meet."}, _CONFLICT),
    "conflicts.add_step": (
        {"title": "Call the mentor", "due_on": "2026-11-27"}, _CONFLICT,
    ),
    "conflicts.do_step": ({"note": "She wants to go on."}, _CONFLICT),
    "conflicts.reopen_step": (None, _CONFLICT),
    "conflicts.move_step": ({"due_on": "2026-11-27"}, _CONFLICT),
    "conflicts.set_helper": ({"helper_id": OTHER}, _CONFLICT | {"helper_id": OTHER}),
    "conflicts.agree": (
        {"agreed": "We meet on Mondays.", "is_shared": True},
        _CONFLICT | {"agreed": "We meet on Mondays.", "shared_at": NOW},
    ),
    "conflicts.close": ({"outcome": "settled"}, _CONFLICT | {"state": "closed", "outcome": "settled", "closed_at": NOW}),
    "desk.do": (None, {"id": THIS, "kind": "relationship.check_up", "can_undo": False, "next_on": "2027-08-22"}),
    "desk.postpone": ({"on": "2026-11-24"}, {"id": THIS, "due_on": "2026-11-24"}),
    "desk.assign": ({"person_id": PERSON}, _TASK),
    "desk.withdraw": (None, _LETTER | {"state": "withdrawn"}),
    "desk.hurry": (None, _LETTER),
    "desk.send_again": (None, _LETTER),
}  # fmt: skip
