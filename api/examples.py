"""
An example of each change: what is sent, and what comes back. Shown in the description of the API.

A test holds every one against the schema of its operation, so that none grows old.
"""

from typing import Any

from api import template_examples

PERSON = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a01"
MENTOR = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a02"
MENTEE = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a03"
PROGRAMME = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a04"
CYCLE = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a05"
THIS = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a06"
OTHER = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a07"
NOW = "2026-11-22T09:30:00Z"
SOON = "2026-11-25T23:59:59Z"

_ORGANISATION = {
    "id": THIS, "name": "Women in Policing", "host": "policing.example.org", "hue": 184, "languages": ["en", "fr", "ar"],
    "default_language": "en", "time_zone": "Europe/Sarajevo", "contact_name": "Hana Helper",
    "contact_email": "help@example.org", "contact_phone": "+387 33 555 014",
}  # fmt: skip
_OFFICE = {"id": OTHER, "name": "Mostar", "region": None, "time_zone": "Europe/Sarajevo", "is_open": True}
_FACTS = {
    "id": PERSON, "full_name": "Wanjiru Kamau", "email": "wanjiru@example.org", "phone": "+254 20 555 014",
    "language": "en", "time_zone": "Africa/Nairobi",
}  # fmt: skip
_PERSON = _FACTS | {
    "gender": "woman", "office_id": OTHER, "is_active": True, "created_at": NOW,
    "roles": [{"role": "participant", "office_id": None}],
}  # fmt: skip
_MEMBER = {
    "id": OTHER, "full_name": "Njeri Mwangi", "email": "njeri@example.org", "is_active": True,
    "roles": [{"role": "coordinator", "office_id": None}],
}  # fmt: skip
_QUESTION = {
    "key": "phone", "kind": "text", "asked_of": "everybody", "field": "phone", "is_obligatory": True,
    "label": {"en": "Your telephone number"}, "hint": {}, "options": [],
}  # fmt: skip
_CRITERION = {"name": "topics", "weight": 8, "setting": {"minimum": 1}}
_CONSENTS = [
    {
        "purpose": "news", "title": "Send me news of events and courses", "version": "2026-11", "stands": True,
        "text": "At most one e-mail a month, with a link in each to end it.",
        "log": [
            {
                "text_version": "2026-11", "language": "en", "channel": "phone", "given_at": NOW, "withdrawn_at": None,
                "withdrawn_channel": None, "recorded_by": "Hana Helper",
            },
        ],
    },
]  # fmt: skip
_COPY = {
    "id": THIS, "state": "waiting", "created_at": NOW, "made_at": None, "expires_at": SOON,
    "page": "https://policing.example.org/me/privacy",
}  # fmt: skip
_ERASURE = {"id": THIS, "person_id": PERSON, "number": "K7QM-2XHD-9RTB", "state": "asked", "due_at": SOON}
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
_GUIDE_QUESTION = {
    "section": "vision", "text": {"en": "What is your dream now?"}, "key": "dream_now", "is_hidden": False,
}  # fmt: skip
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
_ANSWERS = {
    "ended": "yes", "why": ["year_over"], "often": "monthly", "how": "in_person", "benefit": "learned", "network": "some",
    "satisfied": "satisfied", "relationship": "good", "comment": "We still meet for coffee.",
}  # fmt: skip
_EVALUATION = {
    "id": THIS, "relationship_id": OTHER, "programme_id": PROGRAMME, "participation_id": MENTOR, "person_id": PERSON,
    "full_name": "Njeri Mwangi", "role": "mentor", "state": "answered", "asked_at": NOW, "reminded_at": None,
    "answered_at": NOW, "recorded_by": None, "answers": _ANSWERS,
}  # fmt: skip
_DIGEST = "5f0c1b7a9d3e48f2a6b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9"
_SECTIONS = [{"code": "aims", "title": "Our aims", "points": ["We meet in a café."]}]
_AGREEMENT = {
    "relationship_id": THIS, "number": 1, "form": "annex", "state": "in_force", "revision": 4, "ways": ["email", "video"],
    "frequency": "Once a week", "aims": "A job by summer", "purposes": ["job", "confidence"], "other_purposes": "",
    "expectations": {MENTEE: "Honest answers"}, "edited_by": MENTEE, "edited_at": NOW, "signed_at": NOW,
    "review_on": "2027-11-22", "language": "en", "title": "Our promise", "intro": "What we hold to.",
    "sections": _SECTIONS, "digest": _DIGEST,
    "signatures": [{"participation_id": MENTOR, "language": "en", "digest": _DIGEST, "signed_at": NOW}],
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
    "intro": "You meet once a month.", "points": ["Your mentor is a volunteer."], "digest": _DIGEST, "read_at": NOW,
    "read_in": "en",
}  # fmt: skip
_AGREEING = {"form": "annex", "copy_days": 21, "review_months": 12}
_TEXT = {
    "form": "annex", "language": "en", "number": 2, "is_ours": False, "title": "Our promise", "intro": "What we hold to.",
    "sections": _SECTIONS, "digest": _DIGEST,
}  # fmt: skip
_OWN_EVALUATION = {
    "id": THIS, "relationship_id": OTHER, "state": "answered", "together_with": ["Wanjiru Kamau"], "asked_at": NOW,
    "answered_at": NOW, "answers": _ANSWERS,
    "questions": [
        {
            "code": "how", "words": "In which form did you have contact most?", "kind": "one", "other": None,
            "options": [{"code": "in_person", "words": "In person"}],
        },
    ],
}  # fmt: skip
_ASKING = {"is_on": True, "wording": "plain", "benefit_many": False, "remind_days": 14, "call_days": 7}
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
    "cycles": [_CYCLE],
    "questions": [_QUESTION],
    "topics": [{"code": "leadership", "label": {"en": "Leadership"}}],
    "criteria": [_CRITERION],
}  # fmt: skip
_PARTICIPATION = {
    "id": MENTEE, "person_id": PERSON, "full_name": "Wanjiru Kamau", "role": "mentee", "status": "REGISTERED",
    "status_at": NOW, "registered_on": "2026-11-22", "interview_on": None, "interviewed_on": None,
    "programme_id": PROGRAMME, "cycle_id": CYCLE, "office_id": None, "answers": {"topics_wanted": ["leadership"]},
    "missing": [], "note": None, "end_reason": None,
}  # fmt: skip
_MINE = {
    "id": MENTEE, "programme_id": PROGRAMME, "cycle_id": CYCLE, "role": "mentee", "status": "REGISTERED",
    "status_at": NOW, "may_return": False,
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
_INDICATOR = {
    "id": THIS, "programme_id": PROGRAMME, "code": "belief", "kind": "scale", "label": {"en": "I believe in myself."},
    "is_open": True,
}  # fmt: skip
_SEARCH = {
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

_PROVIDER = {
    "id": THIS, "name": "Account of our organisation", "kind": "entra",
    "issuer": "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
    "client_id": "8f2c1e9a-mentorweave", "has_secret": True, "domains": ["example.org"], "state": "draft",
    "tried_at": None, "callback": f"https://policing.example.org/sign-in/with/{THIS}/back",
}  # fmt: skip
_DOMAIN = {
    "id": THIS, "name": "example.org", "place": "_mentorweave.example.org",
    "record": "mentorweave-domain=0f8e2d41c7b65a3990d1c2b3a4958677", "is_proved": False, "look": None, "looked_at": None,
    "proved_at": None, "lapses_at": None,
}  # fmt: skip
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "providers.add": (
        {
            "name": "Account of our organisation", "kind": "entra",
            "issuer": "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
            "client_id": "8f2c1e9a-mentorweave", "secret": "from the provider's settings", "domains": ["example.org"],
        },
        _PROVIDER,
    ),
    "domains.add": ({"name": "example.org"}, _DOMAIN),
    "domains.check": (
        None,
        _DOMAIN | {"is_proved": True, "look": "found", "looked_at": NOW, "proved_at": NOW},
    ),
    "providers.open_it": (None, _PROVIDER | {"state": "open", "tried_at": NOW}),
    "providers.close_it": (None, _PROVIDER | {"state": "closed", "tried_at": NOW}),
    "organisation.change": ({"name": "Women in Policing", "contact_phone": None}, _ORGANISATION | {"contact_phone": None}),
    "organisation.open_office": ({"name": "Mostar", "time_zone": "Europe/Sarajevo"}, _OFFICE),
    "organisation.change_office": ({"is_open": False}, _OFFICE | {"is_open": False}),
    "keys.ask": (None, {"version": 3, "made_at": NOW, "left": 0, "is_asked": True}),
    "people.change": ({"phone": "+254 20 555 014", "gender": "woman"}, _PERSON),
    "people.change_address": ({"email": "wanjiru.new@example.org"}, _PERSON | {"email": "wanjiru.new@example.org"}),
    "members.invite": (
        {"full_name": "Njeri Mwangi", "email": "njeri@example.org", "role": "coordinator", "office_id": None}, _MEMBER,
    ),
    "members.give": ({"role": "coordinator", "office_id": None}, _MEMBER),
    "members.leave": (None, _MEMBER | {"is_active": False}),
    "members.come_back": (None, _MEMBER),
    "concerns.tell": (
        {"text": "She asked me for money.", "readers": [OTHER]}, {"readers": [OTHER], "created_at": NOW},
    ),
    "concerns.settle": (None, _CONCERN | {"settled_at": NOW}),
    "furnishing.need": ({"is_obligatory": True}, _QUESTION),
    "furnishing.weigh": ({"weights": {"topics": 8}}, [_CRITERION]),
    "me.change": ({"phone": "+254 20 555 014"}, _FACTS),
    "me.ask_address": (
        {"email": "wanjiru.new@example.org"},
        {"email": "wanjiru.new@example.org", "expires_at": "2026-11-23T09:30:00Z"},
    ),
    "me.leave": (None, _MINE | {"status": "LEFT", "may_return": True}),
    "me.come_back": (None, _MINE),
    "me.choose_letters": (
        {"off": ["proposal.remind"]},
        [
            {
                "kind": "proposal.remind", "title": "A proposal still waits for your answer", "may_drop": True,
                "is_wanted": False,
            }
        ],
    ),
    "tokens.make": (
        {"name": "Our HR system", "permissions": ["people.read"], "expires_at": "2027-02-20T00:00:00Z"},
        {
            "id": THIS, "secret": f"mw_{THIS.replace('-', '')}_{'x' * 43}", "permissions": ["people.read"],
            "expires_at": "2027-02-20T00:00:00Z",
        },
    ),
    "programmes.start": (
        {"starter": "mentor_network", "structure": "one_to_one", "slug": "network", "cycle": {"name": "2027", **_DATES}, "languages": ["en"]},
        _STARTED,
    ),
    "programmes.open_programme": (None, _PROGRAMME),
    "programmes.close_programme": (None, _PROGRAMME | {"state": "closed"}),
    "programmes.plan_cycle": ({"name": "2027", **_DATES}, _CYCLE),
    "programmes.move_cycle": (_DATES, _CYCLE),
    "set_up.write_step": (
        {"text": "Twelve pairs in the first year.", "version": 0, "settled": True},
        {
            "step": "aim", "title": "The aim", "why": "A network that knows what it is for is easier to explain.",
            "asks": ["What will be different for the people who take part?"],
            "text": "Twelve pairs in the first year.", "settled_at": SOON, "version": 1,
        },
    ),
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
    "registrations.select_for_interview": (None, _AWAITING),
    "registrations.interview_held": ({"on": "2026-11-20"}, _INTERVIEWED),
    "registrations.make_ready": (None, _INTERVIEWED | {"status": "READY TO BE MATCHED"}),
    "registrations.to_network": ({"reason": "Has no time this year"}, _PARTICIPATION | {"status": "NETWORK PARTICIPANT"}),
    "registrations.leave": ({"reason": "Moved"}, _PARTICIPATION | {"status": "LEFT", "end_reason": "Moved"}),
    "registrations.reapply": (None, _PARTICIPATION),
    "registrations.undo": (None, _PARTICIPATION),
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
    "guides.change": (
        {"version": 0, "questions": [_GUIDE_QUESTION]},
        {"programme_id": PROGRAMME, "role": "mentee", "version": 1, "questions": [_GUIDE_QUESTION]},
    ),
    "interviews.note": ({"note": "Prefers mornings."}, None),
    "told.settle": ({"take": ["phone"]}, {"participation_id": MENTEE, "told": {}}),
    "imports.upload": (None, _IMPORT | {"state": "uploaded", "version": 1, "counts": {}, "groups": []}),
    "imports.decide": ({"version": 2, "groups": {"emails": "accept"}}, _IMPORT | {"version": 3}),
    "imports.commit": ({"version": 3, "have_agreed": True, "status": "registered"}, _IMPORT | {"state": "committing"}),
    "imports.revert": (None, _IMPORT | {"state": "reverting", "committed_at": NOW}),
    "imports.discard": (None, _IMPORT | {"state": "discarded"}),
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
    "afterwards.choose": (
        {"choice": "mentor"},
        {
            "id": THIS, "relationship_id": OTHER, "choice": "mentor", "chosen_at": NOW, "open_until": SOON, "is_open": True,
            "choices": ["again", "mentor", "news", "leave"],
        },
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
    "afterwards.note": (
        {"choice": "again"},
        [
            {
                "participation_id": MENTOR, "full_name": "Njeri Mwangi", "choice": "again", "chosen_at": NOW,
                "is_noted": True,
            },
        ],
    ),
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
            "id": THIS, "state": "open", "answer_by": SOON, "meet_by": None, "first_meeting_on": None,
            "my_answers": {"meet": True},
            "other": {
                "role": "mentor", "full_name": "Njeri Mwangi", "email": None, "phone": None, "time_zone": "Africa/Nairobi",
            },
        },
    ),
    "proposals.first_meeting": ({"on": "2026-12-01"}, None),
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
            "my_answer": True,
        },
    ),
    "meetings.propose": (
        {
            "times": ["2026-11-23T14:00"], "time_zone": "Africa/Nairobi", "minutes": 60, "place": "The public library",
            "instead_of": None, "monthly": False,
        },
        [_MEETING],
    ),
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
    "agreements.sign": ({"language": "en", "digest": _DIGEST}, _AGREEMENT),
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
    "plans.acknowledge": ({"language": "en", "digest": _DIGEST}, _MEMO),
    "agreement_texts.choose": (_AGREEING, _AGREEING),
    "agreement_texts.write": (
        {
            "seen": _DIGEST, "title": "Our promise", "intro": "What we hold to.",
            "sections": {"aims": ["We meet in a café."], "contact": ["We call each other."]},
        },
        _TEXT,
    ),
    "agreement_texts.use_ours": (None, _TEXT | {"is_ours": True, "number": 3}),
    "evaluations.answer": ({"answers": _ANSWERS}, _OWN_EVALUATION),
    "evaluations.record": ({"answers": {"ended": "yes", "relationship": "good"}}, _EVALUATION),
    "evaluations.close": (None, _EVALUATION | {"state": "closed", "answered_at": None, "answers": {}}),
    "evaluations.set_asking": (_ASKING, _ASKING),
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
    "privacy.say": ({"agrees": True}, _CONSENTS),
    "privacy.say_for": ({"agrees": True, "channel": "phone"}, _CONSENTS),
    "privacy.ask_copy": (None, _COPY),
    "privacy.ask_copy_for": (None, _COPY),
    "privacy.erase_me": (None, _ERASURE),
    "privacy.erase": (None, _ERASURE),
    "retention.retain": ({"months": 36}, {"months": 36, "concerned": 12}),
    "privacy.cancel": (None, _ERASURE | {"state": "cancelled"}),
    "passkeys.demand": ({"is_demanded": True}, {"is_demanded": True}),
    **template_examples.EXAMPLES,
}  # fmt: skip
"""By the name of the operation: (request, answer); None where there is no body."""
