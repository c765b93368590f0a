"""Examples of what an organisation sees to for itself, and of what is somebody’s own."""

from typing import Any

from api.examples.shared import CYCLE, MENTEE, NOW, OTHER, PERSON, PROGRAMME, SOON, THIS

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
_MINE = {
    "id": MENTEE, "programme_id": PROGRAMME, "cycle_id": CYCLE, "role": "mentee", "status": "REGISTERED",
    "status_at": NOW, "may_return": False,
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
                "is_wanted": False, "is_asked_for": False,
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
    "privacy.say": ({"agrees": True}, _CONSENTS),
    "privacy.say_for": ({"agrees": True, "channel": "phone"}, _CONSENTS),
    "privacy.ask_copy": (None, _COPY),
    "privacy.ask_copy_for": (None, _COPY),
    "privacy.erase_me": (None, _ERASURE),
    "privacy.erase": (None, _ERASURE),
    "retention.retain": ({"months": 36}, {"months": 36, "concerned": 12}),
    "privacy.cancel": (None, _ERASURE | {"state": "cancelled"}),
    "passkeys.demand": ({"is_demanded": True}, {"is_demanded": True}),
}  # fmt: skip
