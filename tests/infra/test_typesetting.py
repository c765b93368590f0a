"""Documents: tagged for those who listen, in each script, and nothing but text whatever the words are."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from infra.typesetting import Document, Entry, Section, pdf

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
