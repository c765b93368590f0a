"""Examples of the operations on the words of letters."""

from typing import Any

LETTER = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a06"
NOW = "2026-11-22T09:30:00Z"

_WORDS = {
    "subject": "Would you like to meet {{other}}?",
    "heading": "{{other}} could be your mentor",
    "body": "Dear {{reader}},\n\n{{why}}\n\nTell us **in private** what you think.",
}
_SHIPPED = {
    "subject": "Do you want to meet {{other}}?",
    "heading": "{{other}} could be a good match for you",
    "body": "Dear {{reader}},\n\n{{found}}\n\n{{why}}\n\nPlease tell us in private whether you want to meet. You promise nothing.",
}
_FIELDS = [
    {"name": "other", "title": "The name of the other person", "is_whole": False, "is_needed": False},
    {"name": "why", "title": "Why the two fit, with the strongest reasons first", "is_whole": True, "is_needed": True},
]  # fmt: skip
_TEMPLATE = {
    "name": "proposal.meet", "title": "A proposal: do you want to meet?",
    "now": {"language": "en", "state": "own", "why": None, "speaks": "en", "version": 1, "changed_at": NOW},
    "words": _WORDS, "shipped": _SHIPPED, "fields": _FIELDS,
    "versions": [{"version": 1, "written_at": NOW, "written_by": "Njeri Mwangi", "words": _WORDS}],
}  # fmt: skip
_RESTORED = _TEMPLATE | {
    "now": {"language": "en", "state": "shipped", "why": None, "speaks": "en", "version": 2, "changed_at": None},
    "words": _SHIPPED,
    "versions": [
        {"version": 2, "written_at": NOW, "written_by": "Njeri Mwangi", "words": None},
        *_TEMPLATE["versions"],
    ],
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "templates.write": (_WORDS | {"based_on": 0}, _TEMPLATE),
    "templates.restore": ({"version": 0, "based_on": 1}, _RESTORED),
    "templates.preview": (
        _WORDS | {"reader_id": None},
        {
            "subject": "Would you like to meet Njeri Mwangi?", "heading": "Njeri Mwangi could be your mentor",
            "paragraphs": ["Dear Amina Rahimi,", "You share a topic.", "Tell us in private what you think."],
            "plain": "Njeri Mwangi could be your mentor\n\nDear Amina Rahimi,\n\nYou share a topic.\n", "size": 11840,
        },
    ),
    "templates.try_out": (_WORDS | {"reader_id": None}, {"sent_to": "njeri@example.org"}),
    "letter_words.write_letter": (
        _WORDS | {"based_on": 0},
        {
            "letter_id": LETTER, "language": "en", "is_edited": True, "version": 1, "words": _WORDS,
            "original": _SHIPPED, "fields": _FIELDS,
        },
    ),
}  # fmt: skip
