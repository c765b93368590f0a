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
_NETWORK = {
    "id": THIS, "name": {"en": "Women in law"}, "words": {"en": "Lawyers, judges and students of law."},
    "programme_id": None, "lead_id": PERSON, "is_open": True, "version": 1,
}  # fmt: skip
_TEXTS = {
    "en": {
        "subject": "News of our network",
        "sections": [
            {
                "heading": "A day in Mostar", "text": "Forty of us met on Saturday.",
                "url": "https://network.example.org/mostar",
            },
        ],
    },
}  # fmt: skip
_ISSUE = {
    "id": THIS, "state": "draft", "texts": _TEXTS, "programme_ids": [OTHER], "is_public": True, "created_at": NOW,
    "due_at": None, "readers": None, "version": 1,
}  # fmt: skip
_HELD = _ISSUE | {"state": "held", "due_at": NOW, "version": 2}

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
    "networks.make": (
        {"name": {"en": "Women in law"}, "words": {"en": "Lawyers, judges and students of law."}, "lead_id": PERSON},
        _NETWORK,
    ),
    "networks.change": (
        {"name": {"en": "Women in law"}, "words": {}, "lead_id": None, "is_open": False, "version": 1},
        _NETWORK | {"words": {}, "lead_id": None, "is_open": False, "version": 2},
    ),
    "networks.add": (None, _NETWORK),
    "networks.remove": (None, None),
    "networks.join": (None, _NETWORK),
    "networks.leave": (None, None),
    "newsletters.begin": ({"texts": _TEXTS, "programme_ids": [OTHER], "is_public": True}, _ISSUE),
    "newsletters.write": (
        {"texts": _TEXTS, "programme_ids": [OTHER], "is_public": True, "version": 1}, _ISSUE | {"version": 2},
    ),
    "newsletters.throw_away": (None, None),
    "newsletters.send": ({"version": 1}, _HELD),
    "newsletters.undo": (None, _ISSUE | {"version": 3}),
    "newsletters.show": ({"is_public": False}, _ISSUE | {"is_public": False, "version": 2}),
    "newsletters.set_press": (
        {"press": "Hana Helper, +387 33 555 014"}, {"press": "Hana Helper, +387 33 555 014"},
    ),
}  # fmt: skip
