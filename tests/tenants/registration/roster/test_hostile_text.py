"""Text made to keep a reader busy."""

import gc
import time
from collections.abc import Callable

import pytest

from tenants.registration.roster import encodings, headers, rejected, writing
from tenants.registration.roster.values import contact, dates, lists, numbers, tongues, words, zones
from tenants.registration.roster.values.lists import Known

HOSTILE = [
    unit * (65_536 // len(unit))
    for unit in (
        "a",
        " ",
        "@",
        "a@",
        "a.",
        "(",
        "1",
        "1-",
        "- ",
        "; ",
        "at ",
        "?",
        "=",
        "é",
        "\u200b",
        "a@b",
        "<a",
        "1/1/",
    )
]
LONGEST_S = 0.2  # a hundred times what the slowest takes, and far below what retracing one's steps would


def computing_s(read: Callable[[str], object], text: str) -> float:
    """Seconds in which this thread really computed: neither a busy machine nor collected garbage of others counts, nor lists that the first reading loads."""
    read("a")
    gc.disable()
    try:
        start = time.thread_time()
        read(text)
        return time.thread_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:3]))
def test_hostile_text_is_read_in_no_time(hostile):
    known = Known(["Leadership"])
    for read in (
        contact.email, contact.name, contact.phone, contact.international, words.role, words.mode, words.gender, words.grade,
        zones.time_zone, tongues.languages, numbers.capacity, lambda text: dates.date(text, dates.Convention()),
        lambda text: lists.topics(text[:2_000], known), lambda text: lists.exclusions(text[:2_000]),
    ):  # fmt: skip
        assert computing_s(read, hostile[:4_000]) < LONGEST_S  # the longest that any field lets through


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:3]))
def test_hostile_text_of_64_kib_is_tidied_and_guessed_in_no_time(hostile):
    for read in (writing.tidy, writing.fold, writing.repaired, writing.letters_lost, rejected.disarm, headers.by_name,
                 lambda text: headers.by_content([text]), lambda text: encodings.guess(text.encode("cp1252", "replace") + b"\x9a")):  # fmt: skip
        assert computing_s(read, hostile) < LONGEST_S
