"""Examples of what a programme asks, offers, weighs and agrees on."""

from typing import Any

from api.examples.shared import CYCLE, DIGEST, MENTEE, PROGRAMME, SECTIONS, SOON, THIS

_QUESTION = {
    "key": "phone", "kind": "text", "asked_of": "everybody", "field": "phone", "is_obligatory": True,
    "label": {"en": "Your telephone number"}, "hint": {}, "options": [], "is_asked": True, "version": 1,
}  # fmt: skip
_CHILDREN_WORDS = {
    "label": {"en": "Do you have children?", "fr": "Avez-vous des enfants ?"}, "hint": {},
    "options": [{"label": {"en": "Yes", "fr": "Oui"}}, {"label": {"en": "No", "fr": "Non"}}],
}  # fmt: skip
_CHILDREN = {
    "key": "own_5f0c2d9a71b3", "kind": "choice", "asked_of": "everybody", "field": None, "is_obligatory": False,
    "label": _CHILDREN_WORDS["label"], "hint": {},
    "options": [
        {"value": "o_1a2b3c4d5e", "label": {"en": "Yes", "fr": "Oui"}, "is_retired": False},
        {"value": "o_6f7a8b9c0d", "label": {"en": "No", "fr": "Non"}, "is_retired": False},
    ],
    "is_asked": True, "version": 1,
}  # fmt: skip
_TOPIC = {"code": "own_7c41d02e9fb6", "label": {"en": "Bees"}, "is_offered": True, "version": 1}
_CRITERION = {"name": "topics", "weight": 8, "setting": {"minimum": 1}}
_GUIDE_QUESTION = {
    "section": "vision", "text": {"en": "What is your dream now?"}, "key": "dream_now", "is_hidden": False,
}  # fmt: skip
_AGREEING = {"form": "annex", "copy_days": 21, "review_months": 12}
_TEXT = {
    "form": "annex", "language": "en", "number": 2, "is_ours": False, "title": "Our promise", "intro": "What we hold to.",
    "sections": SECTIONS, "digest": DIGEST,
}  # fmt: skip
_DATES = {
    "opens_on": "2027-01-10", "closes_on": "2027-02-10", "matching_on": "2027-02-20", "launch_on": "2027-03-08",
    "ends_on": "2028-03-08",
}  # fmt: skip
_CYCLE = {"id": CYCLE, "name": "2027", **_DATES}
_PROGRAMME = {
    "id": PROGRAMME, "slug": "network", "structure": "one_to_one", "state": "open", "focus": ["career"],
    "name": {"en": "Mentor network"}, "summary": {"en": "A year with a mentor."}, "languages": ["en"],
    "contact_release": "with_proposal", "wants_interview": True, "eligibility": {}, "places": None, "term_months": 12,
}  # fmt: skip
_STARTED = _PROGRAMME | {
    "version": "5f0c1a2b3c4d5e6f",
    "cycles": [_CYCLE],
    "questions": [_QUESTION],
    "topics": [{"code": "leadership", "label": {"en": "Leadership"}}],
    "criteria": [_CRITERION],
}  # fmt: skip
_INDICATOR = {
    "id": THIS, "programme_id": PROGRAMME, "code": "belief", "kind": "scale", "label": {"en": "I believe in myself."},
    "is_open": True,
}  # fmt: skip

_TERMS = {
    "contact_release": "with_proposal", "answer_days": 3, "date_days": 14, "meet_days": 61,
    "check_up_days": [91, 274, 366], "term_months": 12, "caseload_limit": 80, "confirm_days": 7,
    "wants_interview": True, "places": 30, "eligibility": {"genders": ["woman"], "grades": ["P3", "P4"]},
    "version": "5f0c1a2b3c4d5e6f",
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "furnishing.need": ({"is_obligatory": True}, _QUESTION),
    "furnishing.take_up": ({"key": "phone"}, _QUESTION | {"is_obligatory": False}),
    "furnishing.leave_out": (None, None),
    "questions.add": ({"shape": "yes_no", **_CHILDREN_WORDS, "is_obligatory": False}, _CHILDREN),
    "questions.change": (
        {"version": 1, **_CHILDREN_WORDS, "options": _CHILDREN["options"]},
        _CHILDREN | {"version": 2},
    ),
    "questions.place": ({"place": 2}, _CHILDREN),
    "topics.add": ({"label": _TOPIC["label"]}, _TOPIC),
    "topics.rename": ({"label": _TOPIC["label"], "version": 1}, _TOPIC | {"version": 2}),
    "topics.place": ({"place": 1}, _TOPIC),
    "topics.offer": ({"is_offered": False}, _TOPIC | {"is_offered": False}),
    "furnishing.weigh": ({"weights": {"topics": 8}}, [_CRITERION]),
    "programmes.start": (
        {"starter": "mentor_network", "structure": "one_to_one", "slug": "network", "cycle": {"name": "2027", **_DATES}, "languages": ["en"]},
        _STARTED,
    ),
    "programmes.change": ({"name": {"en": "Mentor network"}, "focus": ["career"]}, _STARTED),
    "programmes.open_programme": (None, _PROGRAMME),
    "programmes.close_programme": (None, _PROGRAMME | {"state": "closed"}),
    "programmes.plan_cycle": ({"name": "2027", **_DATES}, _CYCLE),
    "programmes.move_cycle": (_DATES, _CYCLE),
    "terms.change": (_TERMS, _TERMS),
    "terms.take_back": (None, _TERMS),
    "set_up.write_step": (
        {"text": "Twelve pairs in the first year.", "version": 0, "settled": True},
        {
            "step": "aim", "title": "The aim", "why": "A network that knows what it is for is easier to explain.",
            "asks": ["What will be different for the people who take part?"],
            "text": "Twelve pairs in the first year.", "settled_at": SOON, "version": 1,
        },
    ),
    "guides.change": (
        {"version": 0, "questions": [_GUIDE_QUESTION]},
        {"programme_id": PROGRAMME, "role": "mentee", "version": 1, "questions": [_GUIDE_QUESTION]},
    ),
    "outcomes.define": (
        {"kind": "fact", "label": {"en": "Founded a company"}},
        _INDICATOR | {"code": "own_Qx81", "kind": "fact", "label": {"en": "Founded a company"}},
    ),
    "outcomes.take_up": ({"set": "network"}, [_INDICATOR]),
    "outcomes.close": (None, _INDICATOR | {"is_open": False}),
    "outcomes.answer": (
        {"answers": {"belief": 4}}, {"participation_id": MENTEE, "moment": "after", "answers": {"belief": 4}},
    ),
    "agreement_texts.choose": (_AGREEING, _AGREEING),
    "agreement_texts.write": (
        {
            "seen": DIGEST, "title": "Our promise", "intro": "What we hold to.",
            "sections": {"aims": ["We meet in a café."], "contact": ["We call each other."]},
        },
        _TEXT,
    ),
    "agreement_texts.use_ours": (None, _TEXT | {"is_ours": True, "number": 3}),
}  # fmt: skip
