"""Documents: tagged for those who listen, in each script, and nothing but text whatever the words are."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from infra.typesetting import Document, Entry, Section, columns, pdf
from infra.typesetting.columns import Part, Sheet

WORDS = [
    '#read("/etc/passwd")',
    "#set text(red)",
    "*bold* _it_ `code`",
    "$x^2$",
    "<tag> @ref",
    "\\ = heading",
    "ليلى",
    "Žofia Křížová",
]


def document(spoken: str) -> Document:
    entries = [Entry(f"Label {n}", word) for n, word in enumerate(WORDS)]
    return Document(
        "Title", "Lede", [Section("Section", "Intro", [entries, entries])], "Foot", spoken, datetime.now(UTC)
    )


@pytest.mark.parametrize("spoken", ["en", "fr", "ar"])
def test_is_tagged_and_says_its_language(spoken: str) -> None:
    root = PdfReader(io.BytesIO(pdf(document(spoken)))).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == (spoken, True, True)


def test_words_are_text_and_never_commands() -> None:
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(document("en")))).pages)
    assert [word for word in WORDS if word.isascii() and word not in told] == []


def test_is_the_same_from_the_same_words() -> None:
    one = document("en")
    assert pdf(one) == pdf(one)


def pages_of(spoken: list[str], lines: int, *below: Part) -> list[str]:
    """A sheet of so many lines with a signature, or something else, below."""
    parts = [Part("same", ["Line" for _one in spoken])] * lines
    signed = Part("signature", ["Signed by Ana" for _one in spoken], ["ab12" * 16])
    sheet = Sheet(
        "Title",
        spoken,
        [Part("title", ["Title" for _one in spoken]), *parts, signed],
        "Foot",
        datetime.now(UTC),
    )
    return [page.extract_text() for page in PdfReader(io.BytesIO(columns.pdf(sheet))).pages]


def test_a_signature_is_never_parted_from_its_digest() -> None:
    on_second = set()
    for lines in range(29, 35):  # over the foot of the first page
        told = pages_of(["en", "fr"], lines)
        [page] = [at for at, words in enumerate(told) if "Signed by Ana" in words]
        assert told[page].count("SHA-256") == 1 and "ab12" * 16 in told[page], lines
        on_second.add(page)
    assert on_second == {0, 1}


def test_pages_are_numbered_in_the_signs_of_the_language() -> None:
    assert "2 / 2" in pages_of(["en", "ar"], 60)[1]
    second = pages_of(["ar", "en"], 60)[1]
    assert second.count("٢") == 2 and "2" not in second.replace("SHA-256", "").replace("ab12", "")


@pytest.mark.parametrize("spoken", [["en"], ["en", "fr"], ["ar", "en"]])
def test_a_heading_stays_with_what_it_heads(spoken: list[str]) -> None:
    heading = Part("heading", ["Heading" for _one in spoken])
    points = Part("points", [["First", "Second"] for _one in spoken])
    for lines in range(28, 36):  # over the foot of the first page
        told = pages_of(spoken, lines, heading, points)
        assert [at for at, page in enumerate(told) if "Heading" in page] == [
            at for at, page in enumerate(told) if "First" in page
        ], lines
