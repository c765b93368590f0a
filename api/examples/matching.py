"""Examples of runs, searches and proposals."""

from typing import Any

from api.examples.shared import CYCLE, MENTEE, MENTOR, NOW, OTHER, PERSON, SOON, THIS

_CRITERIA = {
    "weights": {"topics": 8, "languages": 4, "overlap": 2}, "languages": 2, "overlap": 2,
    "quotas": [{"side": "mentee", "of": "UNDP", "most": 10, "by": "organisation"}], "aim": "people",
}  # fmt: skip
_RUN = {
    "id": THIS, "number": 7, "cycle_id": CYCLE, "state": "waiting", "created_at": NOW, "begun_at": None,
    "ended_at": None, "criteria": {"criteria": _CRITERIA}, "inputs_digest": None, "matcher_version": None,
    "result": {}, "error": None, "progress": None,
}  # fmt: skip
_PAIRING = {
    "id": THIS, "run_id": OTHER, "cycle_id": CYCLE, "state": "open", "points": 16_400, "most": 20_000, "sent_at": NOW,
    "answer_by": SOON, "meet_by": None, "first_meeting_on": None, "closed_at": None, "created_at": NOW,
    "mentor_id": MENTOR, "mentor_person_id": OTHER, "mentor_name": "Njeri Mwangi", "mentee_id": MENTEE,
    "mentee_person_id": PERSON, "mentee_name": "Wanjiru Kamau",
}  # fmt: skip
_SEARCH: dict[str, Any] = {
    "id": THIS, "participation_id": MENTEE, "named_id": None, "state": "waiting", "created_at": NOW, "ended_at": None,
    "criteria": {"criteria": {"weights": {"topics": 8, "languages": 4}, "languages": 2}}, "inputs_digest": None,
    "matcher_version": None, "error": None, "others": 0, "elsewhere": 0, "possible": 0, "place": 0, "waterfall": [],
    "best": [], "named": None,
}  # fmt: skip
_SAID = {
    "participation_id": MENTEE, "asked_for": "meet", "is_yes": True, "reason": None, "answered_at": NOW,
}  # fmt: skip
_CIRCLE = {
    "id": THIS, "run_id": OTHER, "cycle_id": CYCLE, "number": 2, "structure": "circle", "state": "open", "least": 4,
    "points": 148_000, "facts": {"topics": ["leadership"], "languages": ["en"], "hours": 6}, "sent_at": NOW,
    "answer_by": SOON, "closed_at": None, "changed_at": None,
    "people": [
        {
            "participation_id": MENTEE, "person_id": PERSON, "role": "peer", "full_name": "Wanjiru Kamau",
            "points": 58_000, "most": 100_000, "contributions": [], "is_yes": True, "reason": None, "answered_at": NOW,
        }
    ],
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "runs.start": ({"cycle_id": CYCLE, "criteria": _CRITERIA}, _RUN),
    "runs.cancel": (None, _RUN | {"state": "cancelled", "ended_at": NOW}),
    "previews.preview": (
        {"cycle_id": CYCLE, "criteria": _CRITERIA},
        {
            "id": f"{THIS.replace('-', '')}-{'0' * 32}", "state": "counted", "pairs": 412, "possible": 171, "few": 2,
            "waterfall": [{"limit": "languages", "taken": 124, "left": 288}, {"limit": "overlap", "taken": 117, "left": 171}],
            "points": {"topics": 57, "languages": 29, "overlap": 14},
        },
    ),
    "wishes.wish": (
        {"mentor_id": MENTOR, "mentee_id": MENTEE, "kind": "lock"},
        {"id": THIS, "cycle_id": CYCLE, "mentor_id": MENTOR, "mentee_id": MENTEE, "kind": "lock"},
    ),
    "approvals.approve": ({"proposals": [THIS, OTHER]}, {"sent": 2, "left_out": 0}),
    "approvals.undo": (None, {"drafts": 2}),
    "approvals.approve_one": ({"override": None}, {"sent": 1, "left_out": 0}),
    "approvals.undo_one": (None, {"drafts": 1}),
    "approvals.discard": (None, None),
    "searches.begin": (
        {"participation_id": MENTEE, "criteria": {"weights": {"topics": 8, "languages": 4}, "languages": 2}},
        _SEARCH,
    ),
    "searches.propose": (
        {"participation_id": MENTOR},
        _PAIRING | {"run_id": None, "state": "draft", "sent_at": None, "answer_by": None},
    ),
    "approvals.why": (
        {"mentee_id": MENTEE, "mentor_id": MENTOR},
        {
            "state": "explained", "score": 12_400, "price": 800, "is_matched": False, "failed": [],
            "contributions": [{"criterion": "topics", "points": 12_400}],
        },
    ),
    "proposals.withdraw": (None, {"proposal": _PAIRING | {"state": "withdrawn", "closed_at": NOW}, "answers": []}),
    "proposals.note_answer": (
        {"participation_id": MENTEE, "asked_for": "meet", "is_yes": True}, {"proposal": _PAIRING, "answers": [_SAID]},
    ),
    "proposals.answer": (
        {"asked_for": "meet", "is_yes": True},
        {
            "id": THIS, "state": "open", "answer_by": SOON, "date_by": None, "meet_by": None, "first_meeting_on": None,
            "my_answers": {"meet": True},
            "other": {
                "role": "mentor", "full_name": "Njeri Mwangi", "email": None, "phone": None,
                "mobile": None, "address": None, "time_zone": "Africa/Nairobi",
            },
        },
    ),
    "proposals.first_meeting": ({"on": "2026-12-01"}, None),
    "groups.newcomers": (
        None, [{"participation_id": MENTEE, "full_name": "Wanjiru Kamau", "role": "mentee"}],
    ),
    "groups.move": (
        {"participation_id": MENTEE, "to_id": THIS},
        {"state": "moved", "places": [{"to_id": THIS, "change": -1_200, "failed": []}]},
    ),
    "groups.withdraw": (None, _CIRCLE | {"state": "withdrawn", "closed_at": NOW}),
    "groups.begin": (None, _CIRCLE | {"state": "confirmed", "closed_at": NOW}),
    "groups.note_answer": ({"participation_id": MENTEE, "is_yes": True}, _CIRCLE),
    "groups.answer": (
        {"is_yes": True},
        {
            "id": THIS, "structure": "circle", "state": "open", "answer_by": SOON,
            "facts": {"topics": ["leadership"], "languages": ["en"], "hours": 6}, "others": 5, "mentor": None,
            "my_answer": True, "may_answer": True,
        },
    ),
}  # fmt: skip
