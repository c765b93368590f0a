from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from random import Random

import pytest
import time_machine

from infra.mail import Attachment, Calendar, MailInvalid, MailTooLarge, Message, build

SENDER = "Mentorweave <no-reply@mail.example.org>"
MESSAGE = Message(
    key="rem:7:start", to="njeri@example.org", subject="Hello Njeri", text="Dear Njeri,\n", language="en"
)


def parsed(message: Message):
    return message_from_bytes(build(message, sender=SENDER).as_bytes(), policy=default)


@time_machine.travel("2026-11-21 10:00:00+00:00", tick=False)
def test_headers_of_a_plain_message() -> None:
    mail = parsed(MESSAGE)
    assert mail["Date"] == "Sat, 21 Nov 2026 10:00:00 +0000"
    assert mail["From"] == SENDER
    assert mail["To"] == "njeri@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["List-Unsubscribe"] is None
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["Dear Njeri,"]


def test_message_id_follows_the_key_and_hides_it() -> None:
    first, again = build(MESSAGE, sender=SENDER)["Message-ID"], build(MESSAGE, sender=SENDER)["Message-ID"]
    other = build(replace(MESSAGE, key="rem:8:start"), sender=SENDER)["Message-ID"]
    assert first == again != other
    assert first.endswith("@mail.example.org>")
    assert "rem" not in first


def test_unsubscribe_is_one_click_where_it_is_given() -> None:
    mail = parsed(replace(MESSAGE, unsubscribe="https://example.org/u/abc"))
    assert mail["List-Unsubscribe"] == "<https://example.org/u/abc>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_parts_stand_from_plain_to_rich_and_files_beside() -> None:
    mail = parsed(
        replace(
            MESSAGE,
            html="<p>Dear Njeri,</p>",
            calendar=Calendar("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
            attachments=[Attachment("اتفاق.pdf", b"%PDF", "application/pdf")],
        )
    )
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/pdf",
    ]  # fmt: skip
    calendar = mail.get_payload(0).get_payload(2)
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content().startswith("BEGIN:VCALENDAR")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["اتفاق.pdf"]


def test_names_and_subjects_of_any_script_survive() -> None:
    mail = parsed(
        replace(MESSAGE, subject="اقتراح " * 20, to_name="Selma, „Hadžić“", reply_to="Zoë <zoe@example.org>")
    )
    assert mail["Subject"] == ("اقتراح " * 20)
    assert mail["To"].addresses[0].display_name == "Selma, „Hadžić“"
    assert mail["Reply-To"].addresses[0].addr_spec == "zoe@example.org"


def test_no_blank_of_a_subject_is_lost_where_it_is_folded() -> None:
    chance = Random(7)
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي     éàœ’ \u2068\u2069 abc"
    for _ in range(300):
        subject = " ".join("".join(chance.choices(letters, k=chance.randint(5, 150))).split())
        sent = build(replace(MESSAGE, subject=subject), sender=SENDER).as_bytes()
        assert message_from_bytes(sent, policy=default)["Subject"] == subject
        assert max(len(line) for line in sent.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 78


def test_a_domain_of_another_script_takes_its_ascii_form() -> None:
    assert parsed(replace(MESSAGE, to="a@münchen.example"))["To"] == "a@xn--mnchen-3ya.example"


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"])
@pytest.mark.parametrize("name", ["to", "subject", "to_name", "reply_to", "unsubscribe", "language"])
def test_line_breaks_never_reach_a_header(name: str, sign: str) -> None:
    with pytest.raises(MailInvalid) as found:
        build(replace(MESSAGE, **{name: f"a@example.org{sign}Bcc: everybody@example.org"}), sender=SENDER)
    assert [problem.code for problem in found.value.problems] == ["line_break"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-A": "b\nBcc: c@example.org"}, "line_break"),
        ({"X A": "b"}, "header_name"),
        ({"X-A:b\n": "b"}, "header_name"),
        ({"Bcc": "c@example.org"}, "header_taken"),
        ({"message-id": "<1@x>"}, "header_taken"),
    ],
)
def test_headers_that_are_not_the_callers_are_refused(headers: dict[str, str], code: str) -> None:
    with pytest.raises(MailInvalid) as found:
        build(replace(MESSAGE, headers=headers), sender=SENDER)
    assert found.value.problems[0].code == code


def test_other_headers_stand() -> None:
    assert parsed(replace(MESSAGE, headers={"X-Entity-Ref": "7"}))["X-Entity-Ref"] == "7"


@pytest.mark.parametrize(
    "to", ["", "njeri", "a@b@", "a@example.org, b@example.org", "<>", "@example.org", "a@", "зоя@example.org"]
)
def test_what_is_no_single_address_is_refused(to: str) -> None:
    with pytest.raises(MailInvalid) as found:
        build(replace(MESSAGE, to=to), sender=SENDER)
    assert [(problem.field, problem.code) for problem in found.value.problems] == [("to", "no_address")]


def test_a_message_without_text_is_refused() -> None:
    with pytest.raises(MailInvalid):
        build(replace(MESSAGE, text=" \n", html="<p>x</p>"), sender=SENDER)


def test_a_message_beyond_the_limit_is_refused_but_files_do_not_count() -> None:
    with pytest.raises(MailTooLarge):
        build(replace(MESSAGE, html="<p>x</p>" * 5_000), sender=SENDER)
    large = replace(MESSAGE, attachments=[Attachment("a.pdf", bytes(200_000), "application/pdf")])
    assert len(build(large, sender=SENDER).as_bytes()) > 200_000


def test_repr_keeps_people_to_itself() -> None:
    assert "njeri" not in repr(MESSAGE).lower()


@pytest.mark.parametrize(
    "words", ["=?utf-8?q?=0D=0ABcc:_evil@example.org?=", "é =?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?= ="]
)
def test_encoded_words_of_people_stay_words(words: str) -> None:
    """The email package would decode them, and write the line break that comes out."""
    mail = build(
        Message(
            key="k", to="ana@example.org", to_name=words, subject=f"About {words}", text="Text", language="en"
        ),
        sender="Mentorweave <no-reply@example.org>",
    )
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert "bcc" not in {name.lower() for name in read}
    assert [one.addr_spec for one in read["To"].addresses] == ["ana@example.org"]
    assert "= ?utf-8?" in read["Subject"] and "= ?utf-8?" in read["To"].addresses[0].display_name


def test_encoded_word_is_no_address() -> None:
    with pytest.raises(MailInvalid):
        build(
            Message(
                key="k", to="=?utf-8?q?=0D=0ABcc:_evil?=@example.org", subject="S", text="T", language="en"
            ),
            sender="Mentorweave <no-reply@example.org>",
        )
