"""Cards are held as they were said, and what many say is held once."""

import json

from tenants.pools.rules import CARD_FIELDS, OWN_FIELDS
from tenants.pools.saying import Sharing

SAID = {
    "topics_wanted": ["leadership", "négociation"],
    "languages": [{"code": "ar", "level": 4}],
    "experience_years": 7,
    "time_zone": "Asia/Amman",
}


def card(person: str) -> str:
    return json.dumps(SAID | {"person": person, "excluded": [f"{person} not"]})


def test_cards_say_what_was_said_and_share_what_is_the_same() -> None:
    sharing = Sharing()
    one, other = (sharing.read(card(person)) for person in ("a", "b"))
    assert one == SAID | {"person": "a", "excluded": ["a not"]}
    assert other == SAID | {"person": "b", "excluded": ["b not"]}
    assert all(one[name] is other[name] for name in ("topics_wanted", "languages"))


def test_what_is_anybodys_own_is_not_remembered() -> None:
    sharing = Sharing()
    for number in range(50):
        sharing.read(card(f"p{number}"))
    assert len(sharing._known) == len(SAID)
    assert OWN_FIELDS < CARD_FIELDS
