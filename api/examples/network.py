"""Examples of what the people of a network share."""

from typing import Any

from api.examples.shared import MENTEE, NOW, OTHER, PERSON, THIS

_WRITTEN = {
    "kind": "training", "title": "A course in bookkeeping", "words": "Four evenings, free of charge.", "language": "en",
    "last_on": "2026-12-18", "place": "Mostar", "is_remote": False, "url": "https://courses.example.org/books",
    "contact": "Hana Helper", "programme_ids": [OTHER],
}  # fmt: skip
_ONE = _WRITTEN | {
    "id": THIS, "state": "open", "posted_by": "", "published_at": NOW, "answer": None, "version": 1,
}  # fmt: skip
_PROPOSED = _ONE | {"state": "proposed", "posted_by": "Wanjiru Kamau", "published_at": None}
_HER = {"person_id": PERSON, "participation_id": MENTEE, "full_name": "Wanjiru Kamau", "role": "mentee"}
_KEPT = {"opportunity": _ONE, "interested": [_HER]}
_SEEN = {"opportunity": _ONE, "is_interested": False, "partners": {OTHER: False}}

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "opportunities.make": (_WRITTEN, _KEPT | {"interested": []}),
    "opportunities.change": (_WRITTEN | {"version": 1}, {"opportunity": _ONE | {"version": 2}, "interested": [_HER]}),
    "opportunities.publish": (None, {"opportunity": _PROPOSED | {"state": "open", "published_at": NOW}, "interested": []}),
    "opportunities.decline": (
        {"words": "We had the same course last week."},
        {
            "opportunity": _PROPOSED | {"state": "declined", "answer": "We had the same course last week."},
            "interested": [],
        },
    ),
    "opportunities.close": (None, {"opportunity": _ONE | {"state": "closed"}, "interested": [_HER]}),
    "opportunities.propose": (_WRITTEN, _SEEN | {"opportunity": _PROPOSED}),
    "opportunities.say": (None, _SEEN | {"is_interested": True}),
    "opportunities.take_back": (None, None),
    "opportunities.pass_on": ({"person_id": OTHER}, _SEEN | {"partners": {OTHER: True}}),
    "opportunities.withdraw": (None, _SEEN | {"opportunity": _PROPOSED | {"state": "withdrawn"}, "partners": {}}),
}  # fmt: skip
