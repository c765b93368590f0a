"""Examples of the life of a pair, group or circle."""

from typing import Any

from api.examples.shared import (
    CYCLE,
    DIGEST,
    MENTEE,
    MENTOR,
    NOW,
    OTHER,
    PERSON,
    PROGRAMME,
    SECTIONS,
    SOON,
    THIS,
)

_ANSWERS = {
    "ended": "yes", "why": ["year_over"], "often": "monthly", "how": "in_person", "benefit": "learned", "network": "some",
    "satisfied": "satisfied", "relationship": "good", "comment": "We still meet for coffee.",
}  # fmt: skip
_EVALUATION = {
    "id": THIS, "relationship_id": OTHER, "programme_id": PROGRAMME, "participation_id": MENTOR, "person_id": PERSON,
    "full_name": "Njeri Mwangi", "role": "mentor", "state": "answered", "asked_at": NOW, "reminded_at": None,
    "answered_at": NOW, "recorded_by": None, "answers": _ANSWERS,
}  # fmt: skip
_AGREEMENT = {
    "relationship_id": THIS, "number": 1, "form": "annex", "state": "in_force", "revision": 4, "ways": ["email", "video"],
    "frequency": "Once a week", "aims": "A job by summer", "purposes": ["job", "confidence"], "other_purposes": "",
    "expectations": {MENTEE: "Honest answers"}, "edited_by": MENTEE, "edited_at": NOW, "signed_at": NOW,
    "review_on": "2027-11-22", "language": "en", "title": "Our promise", "intro": "What we hold to.",
    "sections": SECTIONS, "digest": DIGEST,
    "signatures": [{"participation_id": MENTOR, "language": "en", "digest": DIGEST, "signed_at": NOW}],
}  # fmt: skip
_PLAN = {
    "number": 2,
    "goals": [
        {
            "id": "3f2a9c1e7b04", "text": "Become a nurse", "by": "2027-10-01", "done_on": None,
            "milestones": [
                {"id": "77c0de11a2b3", "text": "Visit three schools", "by": "2027-02-01", "done_on": None, "activities": []},
            ],
        },
    ],
    "changes": [
        {
            "number": 2, "deed": "add", "kind": "milestone", "item": "77c0de11a2b3", "text": "Visit three schools",
            "full_name": "Wanjiru Kamau", "changed_at": NOW,
        },
    ],
}  # fmt: skip
_MEMO = {
    "participation_id": MENTEE, "programme": "Mentor network", "language": "en", "title": "To remember for mentees",
    "intro": "You meet once a month.", "points": ["Your mentor is a volunteer."], "digest": DIGEST, "read_at": NOW,
    "read_in": "en",
}  # fmt: skip
_OWN_EVALUATION = {
    "id": THIS, "relationship_id": OTHER, "state": "answered", "together_with": ["Wanjiru Kamau"], "agreed_until": None, "asked_at": NOW,
    "answered_at": NOW, "answers": _ANSWERS,
    "questions": [
        {
            "code": "how", "words": "In which form did you have contact most?", "kind": "one", "other": None,
            "options": [{"code": "in_person", "words": "In person"}],
        },
    ],
}  # fmt: skip
_ASKING = {"is_on": True, "wording": "plain", "benefit_many": False, "remind_days": 14, "call_days": 7}
_CASE = {
    "id": THIS, "proposal_id": OTHER, "group_id": None, "programme_id": PROGRAMME, "cycle_id": CYCLE, "state": "running",
    "mentor_id": MENTOR, "mentor_person_id": OTHER, "mentor_name": "Njeri Mwangi", "mentee_id": MENTEE,
    "mentee_person_id": PERSON, "mentee_name": "Wanjiru Kamau", "members": None, "coordinator_id": None, "begun_at": NOW,
    "ends_on": "2027-11-22", "check_up_on": "2027-02-22", "last_meeting_at": None, "ended_at": None,
    "end_reason": None, "note": None,
}  # fmt: skip
_MEETING = {
    "id": THIS, "state": "proposed", "is_mine": True, "wall_time": "2026-11-23T14:00", "time_zone": "Africa/Nairobi",
    "starts_at": "2026-11-23T11:00:00Z", "minutes": 60, "place": "The public library", "instead_of": None, "series_id": None, "moved": 0,
}  # fmt: skip
_HELD = _MEETING | {"state": "held", "wall_time": "2026-11-20T14:00", "starts_at": "2026-11-20T11:00:00Z"}
_WATCHING = {"is_watched": True, "quiet_days": 35, "task_days": 14, "not_heard_days": 28}
_NOT_HEARD = {
    "id": THIS, "relationship_id": OTHER, "participation_id": MENTEE, "asked_at": NOW, "answered_at": None,
    "is_agreement_coming": None, "has_met_again": None, "goes_on": None, "words": None,
}  # fmt: skip

EXAMPLES: dict[str, tuple[Any, Any]] = {
    "afterwards.choose": (
        {"choice": "mentor"},
        {
            "id": THIS, "relationship_id": OTHER, "choice": "mentor", "chosen_at": NOW, "open_until": SOON, "is_open": True,
            "choices": ["again", "mentor", "news", "leave"],
        },
    ),
    "afterwards.note": (
        {"choice": "again"},
        [
            {
                "participation_id": MENTOR, "full_name": "Njeri Mwangi", "choice": "again", "chosen_at": NOW,
                "is_noted": True,
            },
        ],
    ),
    "relationships.set_check_up": ({"on": "2027-02-22"}, _CASE),
    "relationships.finish_check_up": (None, _CASE | {"check_up_on": "2027-08-22"}),
    "relationships.end": (
        {"reason": "goals_reached", "mentor_goes_on_as": "READY TO BE MATCHED", "mentee_goes_on_as": "NETWORK PARTICIPANT"},
        _CASE | {"state": "ended", "ended_at": NOW, "end_reason": "goals_reached", "check_up_on": None},
    ),
    "relationships.leave": (
        {"participation_id": MENTEE, "goes_on_as": "READY TO BE MATCHED"},
        _CASE
        | {
            "proposal_id": None, "group_id": OTHER, "mentor_id": None, "mentor_person_id": None, "mentor_name": None,
            "mentee_id": None, "mentee_person_id": None, "mentee_name": None,
            "members": [
                {"participation_id": MENTOR, "person_id": OTHER, "role": "peer", "full_name": "Njeri Mwangi"},
            ],
        },
    ),
    "meetings.propose": (
        {
            "times": ["2026-11-23T14:00"], "time_zone": "Africa/Nairobi", "minutes": 60, "place": "The public library",
            "instead_of": None, "monthly": False,
        },
        [_MEETING],
    ),
    "meetings.cancel_series": (None, [_MEETING | {"state": "cancelled", "series_id": OTHER}]),
    "meetings.note": ({"on": "2026-11-20"}, _HELD),
    "meetings.say": ({"answer": "met"}, None),
    "meetings.watch": (_WATCHING, _WATCHING),
    "not_heard.ask": (None, [_NOT_HEARD]),
    "not_heard.answer": (
        {"is_agreement_coming": True, "has_met_again": True, "goes_on": "yes", "words": None},
        _NOT_HEARD | {"answered_at": NOW, "is_agreement_coming": True, "has_met_again": True, "goes_on": "yes"},
    ),
    "calendar_feeds.change": (None, {"address": "https://policing.example.org/feed/aBcD.ics"}),
    "follow_ups.reply": (
        {"goals": "She has sent two applications.", "news": None},
        {
            "id": THIS, "relationship_id": OTHER, "participation_id": MENTOR, "after_days": 91, "asked_at": NOW,
            "reply_by": "2026-12-06", "reminded_at": None, "replied_at": NOW,
            "goals": "She has sent two applications.", "news": None,
        },
    ),
    "agreements.fill": (
        {
            "revision": 3, "ways": ["email", "video"], "frequency": "Once a week", "aims": "A job by summer",
            "purposes": ["job", "confidence"], "other_purposes": "", "expectations": {MENTEE: "Honest answers"},
        },
        _AGREEMENT,
    ),
    "agreements.sign": ({"language": "en", "digest": DIGEST}, _AGREEMENT),
    "agreements.amend": (None, _AGREEMENT | {"number": 2, "state": "draft", "signatures": [], "signed_at": None}),
    "agreements.drop": (None, _AGREEMENT),
    "agreements.review": (None, _AGREEMENT),
    "plans.change": (
        {"deed": "add", "item": "3f2a9c1e7b04", "text": "Visit three schools", "by": "2027-02-01", "seen": ""}, _PLAN,
    ),
    "plans.give": (
        {"ground": "month", "reason": None},
        {
            "ground": "month", "state": "given", "reason": None, "given_at": NOW, "ends_on": "2026-12-22",
            "participation_id": MENTEE,
        },
    ),
    "plans.acknowledge": ({"language": "en", "digest": DIGEST}, _MEMO),
    "evaluations.answer": ({"answers": _ANSWERS}, _OWN_EVALUATION),
    "evaluations.record": ({"answers": {"ended": "yes", "relationship": "good"}}, _EVALUATION),
    "evaluations.close": (None, _EVALUATION | {"state": "closed", "answered_at": None, "answers": {}}),
    "evaluations.set_asking": (_ASKING, _ASKING),
}  # fmt: skip
