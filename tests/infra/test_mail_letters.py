import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from infra.mail import (
    Button,
    Code,
    Fact,
    Facts,
    Heading,
    Letter,
    Link,
    Marks,
    Paragraph,
    Passage,
    Run,
    build,
    letters,
    plain,
    write,
)
from infra.mail.colours import colours

ENGLISH = Letter(
    language="en",
    masthead="Women in Policing",
    masthead_note="Miljacka Institute",
    heading="You and Njeri both said yes to a first meeting",
    preview="Please write to her.",
    blocks=[
        Marks("NM", "WK"),
        Paragraph("Dear Wanjiru,"),
        Paragraph("Please write first, and set a date by Monday 7 December.", is_strong=True),
        Facts(
            [Fact("Name", "Njeri Mwangi"), Fact("E-mail", "njeri@example.org", "mailto:njeri@example.org")],
            caption="How to reach Njeri",
        ),
        Code("481 920"),
        Button("Tell us the date", "https://example.org/me/pair?a=1&b=2"),
        Heading("After the first meeting"),
        Paragraph("With warm wishes,\nSelma Hadžić, coordinator"),
    ],
    reason="You get this mail because you take part.",
    links=[Link("Your data and choices", "https://example.org/me/settings")],
)
ARABIC = Letter(
    language="ar",
    masthead="نساء في الشرطة",
    heading="أنتِ ونجيري قبلتما لقاءً أول",
    blocks=[
        Paragraph("عزيزتي وانجيرو،"),
        Facts([Fact("الاسم", "Njeri Mwangi"), Fact("الهاتف", "+254 20 555 0182")]),
        Button("أخبرينا بالموعد", "https://example.org/me/pair"),
    ],
    reason="تصلكِ هذه الرسالة لأنكِ مشاركة.",
)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def test_html_and_text_say_the_same() -> None:
    words = " ".join(Page(letters.html(ENGLISH)).words.split())
    text = " ".join(plain.text(ENGLISH).split())
    for said in (
        "You and Njeri both said yes to a first meeting", "Dear Wanjiru,", "by Monday 7 December.", "njeri@example.org",
        "481 920", "Tell us the date", "Selma Hadžić, coordinator", "Your data and choices", "Women in Policing",
        "Miljacka Institute", "You get this mail because you take part.",
    ):  # fmt: skip
        assert said in words
        assert said in text


def test_plain_text_as_a_whole() -> None:
    assert plain.text(ENGLISH) == (
        "You and Njeri both said yes to a first meeting\n\n"
        "Dear Wanjiru,\n\n"
        "Please write first, and set a date by Monday 7 December.\n\n"
        "HOW TO REACH NJERI\n  Name    Njeri Mwangi\n  E-mail  njeri@example.org\n\n"
        "    481 920\n\n"
        "Tell us the date:\nhttps://example.org/me/pair?a=1&b=2\n\n"
        "AFTER THE FIRST MEETING\n\n"
        "With warm wishes,\nSelma Hadžić, coordinator\n\n"
        "-- \nWomen in Policing · Miljacka Institute\nYou get this mail because you take part.\n"
        "Your data and choices: https://example.org/me/settings\n"
    )


def test_questions_stand_above_their_answers() -> None:
    question = "On which telephone number can we reach you?"
    letter = replace(ENGLISH, blocks=[Facts([Fact(question, "+387 33 555 014"), Fact("Name", "Ana")])])
    assert f"{question}\n  +387 33 555 014\nName\n  Ana" in plain.text(letter)
    assert "<th" not in letters.html(letter)
    assert "nowrap" not in letters.html(letter).partition(question)[2]


def test_long_value_goes_on_below_itself() -> None:
    letter = replace(ENGLISH, blocks=[Facts([Fact("Soon", "We invite you to a talk. " * 5)])])
    lines = [line for line in plain.text(letter).splitlines() if "talk" in line]
    assert len(lines) > 1
    assert lines[1].startswith("        ")
    assert max(len(line) for line in lines) <= plain.WIDTH


def test_html_fetches_nothing_and_runs_nothing() -> None:
    page = letters.html(ENGLISH)
    links = set(re.findall(r"https?://[^\"'\s<>]+", page)) - {"http://www.w3.org/1999/xhtml"}
    assert links == {"https://example.org/me/pair?a=1&amp;b=2", "https://example.org/me/settings"}
    tags = {tag for tag, _ in Page(page).tags}
    assert tags.isdisjoint({"img", "script", "link", "iframe"})
    assert "@import" not in page
    assert "url(" not in page


def test_html_escapes_what_people_wrote() -> None:
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    page = letters.html(
        replace(ENGLISH, heading=hostile, masthead=hostile, blocks=[Paragraph(hostile)], preview=hostile)
    )
    assert "<script>" not in page
    assert "49" not in Page(page).words
    assert Page(page).words.count(hostile) >= 4


def test_arabic_runs_from_the_right_and_isolates_what_does_not() -> None:
    page = Page(letters.html(ARABIC))
    assert page.tags[0] == ("html", page.tags[0][1] | {"lang": "ar", "dir": "rtl"})
    assert "direction:ltr" not in letters.html(ARABIC)
    assert "text-align:right" in letters.html(ARABIC)
    assert "الاسم: \u2068Njeri Mwangi\u2069\nالهاتف: \u2068+254 20 555 0182\u2069" in plain.text(ARABIC)


@pytest.mark.parametrize("letter", [ENGLISH, ARABIC])
def test_whole_mail_stays_small(letter: Letter) -> None:
    mail = build(write(letter, key="k", to="a@example.org", subject="s"), sender="M <m@example.org>")
    assert len(mail.as_bytes()) < 30_000


def test_long_addresses_are_never_broken_in_text() -> None:
    url = "https://example.org/" + "a-b" * 60
    assert f"\n{url}\n" in plain.text(replace(ENGLISH, blocks=[Button("Open", url)]))


def test_a_letter_has_one_button_and_whole_links() -> None:
    with pytest.raises(ValueError, match="one button"):
        replace(ENGLISH, blocks=[Button("a", "https://a"), Button("b", "https://b")])
    for build_link in (
        lambda: Link("a", "javascript:alert(1)"),
        lambda: Button("a", "/me"),
        lambda: Fact("a", "b", "x:"),
    ):
        with pytest.raises(ValueError, match="whole address"):
            build_link()


def contrast(first: str, second: str) -> float:
    """WCAG 2.2, definition of contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("hue", range(0, 360, 15))
@pytest.mark.parametrize("chroma", [0, 0.068, 0.5])
def test_every_brand_is_readable(hue: int, chroma: float) -> None:
    found = colours(hue, chroma)
    assert re.fullmatch("#[0-9a-f]{6}", found.brand)
    assert contrast(found.brand, "#fbfaf6") >= 4.5
    assert contrast(found.brand_dark, "#14181a") >= 4.5
    assert contrast(found.brand_dark, "#1b2124") >= 4.5


def test_colours_equal_a_browser() -> None:
    # What Chromium computes for oklch(.417 .068 184) and oklch(.81 0 0).
    assert colours(184, 0.068).brand == "#115850"
    assert colours(0, 0).brand_dark == "#c1c1c1"


def test_strong_words_and_lists_are_said_in_both_parts() -> None:
    passages = [
        Passage([[Run("Bring "), Run("two <things>", is_strong=True), Run(":")], [Run("soon")]]),
        Passage([[Run("tea")], [Run("time", is_strong=True)]], is_list=True),
    ]
    letter = replace(ENGLISH, blocks=passages)
    told = plain.text(letter)
    assert "Bring *two <things>*:\nsoon\n\n- tea\n- *time*" in told
    html = letters.html(letter)
    assert "<strong>two &lt;things&gt;</strong>:<br />soon" in html
    assert re.search(r"<ul [^>]*><li[^>]*>tea</li><li[^>]*><strong>time</strong></li></ul>", html)
    assert "padding-right:22px" in letters.html(replace(letter, language="ar"))
