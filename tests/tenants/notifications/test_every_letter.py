"""Every letter whose words may be changed, in every language: small, readable as text, and nobody's key in it."""

import re
from html.parser import HTMLParser
from uuid import UUID

import pytest

from infra import language
from infra.crypto.links import LinkSigner
from infra.mail import build
from infra.mail.messages import LIMIT
from tenants.notifications import framing, letters
from tenants.notifications.letters import Desk
from tenants.notifications.templates import coverage, looking
from tenants.notifications.wording import filling, markup
from tenants.notifications.wording.declared import FIELDS, Source
from tenants.notifications.writing import Written
from tenants.reports import outbox
from tests.attacks.test_hostile_text import MARKUP, NAMES

DESK = Desk(UUID(int=1), "Miljacka Institute", 184, "https://m.example", "UTC", LinkSigner(bytes(32)))
HOSTS = frozenset({"m.example"})
NEEDED = {
    "registration.confirm.mentee", "registration.confirm.mentor", "registration.interview", "proposal.meet",
    "proposal.contact", "relationship.confirmed", "follow_up.asked", "relationship.ended", "evaluation.asked",
    "evaluation.reminder", "relationship.not_heard",
}  # fmt: skip
# A letter of security, or one that tells of the house's own doings: its words are not an organisation's.
FIXED = ("identity.", "note.", "privacy.", "alarm.", "template.", "registration.left_told")


@pytest.fixture(scope="module")
def templates() -> dict[str, coverage.Template]:
    outbox.kinds()
    return coverage.every()


def mail(template: coverage.Template, spoken: str, source: Source, values: dict[str, str]) -> bytes:
    with language.use(spoken):
        passages = filling.body(source.body, values)
        text = letters.Text(
            filling.one_line(source.subject, values), filling.one_line(source.heading, values),
            [one.text for one in passages], passages=passages, button=("Go", "https://m.example/me"),
        )  # fmt: skip
    made = Written(UUID(int=2), "k", template.kind.name, "a@example.org", "", spoken, text, DESK)
    message = framing.message(made, "M <m@example.org>")
    assert message.text.strip()
    return build(message, sender="M <m@example.org>").as_bytes()


def test_the_texts_of_the_roadmap_are_templates(templates) -> None:  # K82
    assert NEEDED - set(templates) == set()
    fixed = {kind.name for kind in letters.KINDS.values() if not kind.words}
    assert [name for name in templates if name.startswith(FIXED)] == []
    assert {name for name in fixed if name.startswith(("proposal.", "evaluation.", "follow_up."))} == set()


def test_every_letter_in_every_language(templates) -> None:  # K82
    """Shipped complete, within its own rules, at most 30 kB, and the same words as HTML and as text."""
    sizes = []
    for template in templates.values():
        words = template.words
        for spoken in language.installed():
            assert words.is_spoken(spoken), (template.name, spoken)
            source = words.source(spoken)
            told = markup.problems(markup.tidied(source), fields=words.fields, needs=words.needs, hosts=HOSTS)
            assert told == [], (template.name, spoken)
            with language.use(spoken):
                values = filling.sample(words.fields)
            assert all(values.values()), (template.name, spoken)
            sizes.append(len(mail(template, spoken, source, values)))
    assert max(sizes) <= LIMIT
    assert max(sizes) <= looking.MOST


@pytest.mark.parametrize(("word", "spoken", "fits"), [("word ", "en", True), ("كلمة ", "ar", False)])
def test_the_longest_text_is_weighed(templates, word: str, spoken: str, fits: bool) -> None:
    """What is short enough in Latin letters may be too large in others: then it is refused when it is written."""
    template = templates["evaluation.asked"]
    body = "{{who_reads}}\n\n" + (word * markup.MOST_BODY)[: markup.MOST_BODY - 20].strip()
    source = Source(word * 30, word * 30, body)
    words = template.words
    assert markup.problems(source, fields=words.fields, needs=words.needs, hosts=HOSTS) == []
    assert looking.fits(template, spoken, source, DESK) is fits
    half = Source(word, word, "{{who_reads}}\n\n" + word * 300)
    assert looking.fits(template, spoken, half, DESK)


def test_every_field_has_a_value_and_no_sentence_stands_in_a_subject(templates) -> None:
    for template in templates.values():
        for name in template.words.fields:
            assert name in FIELDS
        for spoken in ("en", "fr", "ar"):
            source = template.words.source(spoken)
            wholes = {
                one
                for one in markup.fields_of(Source(source.subject, source.heading, ""))
                if FIELDS[one].is_whole
            }
            assert wholes == set(), template.name  # fmt: skip


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag in ("script", "iframe", "img", "form", MARKUP) or any(name.startswith("on") for name in of):
            self.found.append(tag)
        if tag == "a":
            self.links.append(of.get("href") or "")


# Of texts that people write into names: as the words of a template, and as the value of a field.
@pytest.mark.parametrize("text", NAMES, ids=repr)
def test_hostile_words_are_words_or_refused(templates, text: str) -> None:
    template = templates["evaluation.reminder"]
    words = template.words
    source = markup.tidied(
        Source(f"About {text}", f"About {text}", f"Dear {{{{reader}}}},\n\n{text}\n- {text}")
    )
    told = markup.problems(source, fields=words.fields, needs=words.needs, hosts=HOSTS)
    is_long = len(source.subject) > markup.MOST_LINE
    is_code = any(sign in text for sign in ("{{", "javascript:")) or "\n" in source.subject
    is_link = "evil.example" in text.replace("@evil.example", "")
    assert bool(told) == (is_long or is_code or is_link), told
    kind = words.source("en") if told else source
    with language.use("en"):
        values = filling.sample(words.fields) | {"reader": text, "others": text}
    raw = mail(template, "en", kind, values)
    head = raw.partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\nbcc:") == 0 and head.count(b"\r\nsubject:") == 1 and head.count(b"\r\nto:") == 1
    looked = looking._looked(
        template,
        letters.Text(
            filling.one_line(kind.subject, values), filling.one_line(kind.heading, values), ["x"],
            passages=filling.body(kind.body, values),
        ),
        DESK, "en",
    )  # fmt: skip
    made = framing.message(
        Written(UUID(int=2), "k", template.kind.name, "a@example.org", "", "en", looked.text, DESK),
        "M <m@example.org>",
    )
    reader = Elements()
    reader.feed(made.html)
    assert reader.found == [], made.html
    assert all(link.startswith(("https://m.example/", "mailto:", "tel:")) for link in reader.links)


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        (Source("S", "H", "Dear {{reader}},\n\nHello {{nobody}}"), "template_field_unknown", 3),
        (Source("S", "H", "Dear {{reader}} {{"), "template_braces", 1),
        (Source("S", "H", "One\n\nSo: {{who_reads}}"), "template_field_whole", 3),
        (Source("{{who_reads}}", "H", "{{who_reads}}"), "template_field_whole", 1),
        (Source("S", "H", "Nothing of who reads it"), "template_field_missing", None),
        (Source("S", "", "{{who_reads}}"), "missing", None),
        (Source("S", "H" * 151, "{{who_reads}}"), "template_too_long", None),
        (Source("S", "H", "{{who_reads}}" + "a" * 3000), "template_too_long", None),
        (Source("S\nBcc: x@example.org", "H", "{{who_reads}}"), "template_line_break", None),
        (Source("S", "H", "{{who_reads}}\nsee https://evil.example/me"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\nsee https://m.example@evil.example/"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\nsee evil.example/x"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\nsee //evil.example"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\nsee http://m.example/"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\nsee https://m.example/{{reader}}"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\njavascript:alert(1)"), "template_link", 2),
        (Source("S", "H", "{{who_reads}}\nｅｖｉｌ．ｅｘａｍｐｌｅ"), "template_link", 2),
    ],
)
def test_what_cannot_be_a_text_is_refused_with_its_line(templates, source, code, line) -> None:
    words = templates["evaluation.asked"].words
    told = markup.problems(markup.tidied(source), fields=words.fields, needs=words.needs, hosts=HOSTS)
    assert code in [one.code for one in told]
    assert line in [one.facts.get("line") for one in told]


def test_own_pages_addresses_and_abbreviations_are_words(templates) -> None:
    words = templates["evaluation.asked"].words
    body = "{{who_reads}}\nSee https://m.example/me, or write to ana.b@example.org, e.g. at 12.30 p.m."
    assert markup.problems(Source("S", "H", body), fields=words.fields, needs=words.needs, hosts=HOSTS) == []


def test_values_are_never_read_as_markup() -> None:
    values = {"reader": "**Ana** {{why}}\n- Ili\u0107"}
    [passage, items] = filling.body("Dear {{reader}}, **you**\n- {{reader}}", values)
    assert passage.lines == (
        (("Dear ", False), ("**Ana** {{why}} - Ili\u0107", False), (", ", False), ("you", True)),
    )
    assert items.is_list and len(items.lines) == 1
    assert filling.one_line("About {{reader}}", {"reader": "A\r\nBcc: x"}) == "About A Bcc: x"
    assert re.findall(r"\n", filling.one_line("{{reader}}", values)) == []


def test_a_paragraph_whose_field_has_no_value_is_left_out() -> None:
    made = filling.body("Dear {{reader}},\n\n{{why}}\n\nBye", {"reader": "Ana", "why": ""})
    assert [one.text for one in made] == ["Dear Ana,", "Bye"]
    made = filling.body("{{why}}", {"why": ["One.", "Two."]})
    assert [one.text for one in made] == ["One.", "Two."]
