"""A letter on its way to the mail server: marks, what a touch opens, what lists of mails show, and why it came."""

from uuid import UUID

import pytest

from infra.crypto.links import LinkSigner
from infra.mail import Fact, Facts, Marks, Message, Paragraph
from tenants.notifications import framing
from tenants.notifications.letters import Desk, Text
from tenants.notifications.writing import Written
from tenants.registration.leaving import TOLD_LETTER
from workers.letters import load_writers

load_writers()

ORGANISATION = UUID(int=1)
DESK = Desk(ORGANISATION, "Miljacka Institute", 184, "https://m.example", "UTC", LinkSigner(bytes(32)))


def written(kind: str, text: Text, language: str = "en") -> Message:
    letter = Written(UUID(int=2), "k", kind, "a@example.org", "Ana", language, text, DESK)
    return framing.message(letter, "M <m@example.org>")


def test_the_marks_of_both_stand_first() -> None:
    made = framing.blocks(Text("s", "h", ["Dear Ana,"], pair=("Njeri Mwangi", "Ana Rusu")))
    assert [made[0], made[1]] == [Marks("N\u200cM", "A\u200cR"), Paragraph("Dear Ana,")]


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("njeri@example.org", "mailto:njeri@example.org"),
        ("+254 20 555 0182", "tel:+254205550182"),
        ("(033) 555-014", "tel:033555014"),
        ("Monday 7 December, 10:30 (Nairobi)", None),
        ("2026–27", None),
        ("12-14", None),
        ("javascript:x@example.org y", None),
    ],
)
def test_a_touch_on_a_fact_writes_or_calls(value: str, url: str | None) -> None:
    [facts] = framing.blocks(Text("s", "h", [], facts=[("Reach", value)]))
    assert facts == Facts([Fact("Reach", value, url)])


def test_lists_of_mails_show_what_is_said_and_not_the_greeting() -> None:
    mail = written("proposal.closed", Text("s", "h", ["Dear Ana,", "This does not go ahead."]))
    assert mail.html.index("This does not go ahead.") < mail.html.index("Dear Ana,")


@pytest.mark.parametrize(
    ("kind", "reason", "has_links"),
    [
        ("proposal.meet", "you take part in a mentoring programme of Miljacka Institute.", True),
        (
            "registration.confirm",
            "somebody, most likely you, gave this address to Miljacka Institute.",
            False,
        ),
        ("identity.sign_in", "somebody, most likely you, gave this address to Miljacka Institute.", False),
        ("identity.welcome", "you have an account at Miljacka Institute.", False),
        (TOLD_LETTER, "you have an account at Miljacka Institute. Which letters you get:", False),
    ],
)
def test_the_foot_says_why_it_came_and_what_to_do(kind: str, reason: str, has_links: bool) -> None:
    text = " ".join(written(kind, Text("s", "h", ["Words."])).text.split())
    assert reason in text
    assert ("https://m.example/me/concern" in text) is has_links
    assert ("https://m.example/me/settings" in text) is has_links
