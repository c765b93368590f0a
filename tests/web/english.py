"""English words where another language should stand."""

import re
from collections.abc import Sequence
from functools import cache

from infra.language import catalogues

# What the organisation of the tests calls itself and its people, and addresses, also where no markup can say so.
# What people have written and what cities are called: names, an office, a file and the cells of its header, an example of an address.
DATA = re.compile(
    r"Organisation org\S+|Cora Coordinator|Mira Manager|Olivia Owner|Ida Technician|Our HR system|^/\S*"
    r"|Sarajevo|New York|Mexico City|Wafa Whole|Rosa Roster|Ilse Invited|Call the mentor|\w+\.csv|no address|women-who-lead|(?:Name|Email|Role|Languages|Grade)$"
)
# Latin words that stand in texts of any language, as a language's own name does.
EVERYWHERE = {
    "mentorweave", "csv", "xlsx", "ods", "utf", "api", "url", "https", "http", "pdf", "iana", "ics", "id", "un", "p", "g",
    "ctrl", "esc", "enter", "tab", "alt", "shift", "windows", "excel", "gmail", "google", "json", "utc", "gmt", "q", "firefox", "issuer", "scim",
    "pin", "javascript", "acr", "english", "café",
}  # fmt: skip


@cache
def left_in(code: str) -> frozenset[str]:
    """What shows that a text was not translated: words of our English texts that the language itself never says."""
    said = catalogues.read(code)
    english = {word for message in said for text in _forms(message.id) for word in words(text)}
    foreign = {word for message in said for text in _forms(message.string) for word in words(text)}
    return frozenset(english - EVERYWHERE - foreign)


def _forms(text: str | tuple[str, ...] | list[str]) -> Sequence[str]:
    return (text,) if isinstance(text, str) else text


def told(text: str) -> set[str]:
    """The words of a text without what is somebody's or some place's name."""
    return words(DATA.sub(" ", text))


def words(text: str) -> set[str]:
    plain = re.sub(r"%\(\w+\)s|&\w+;|<[^>]+>|\S+@\S+|https?://\S+", " ", text)
    # Letters that touch a digit belong to a digest or an identifier.
    return {word for word in re.findall(r"(?<![^\W_])[^\W\d_]+(?![^\W_])", plain.lower()) if len(word) > 2}
