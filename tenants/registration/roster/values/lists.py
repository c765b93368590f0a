"""Values that are measured against a list of the organisation's own: topics, offices; and lists of addresses."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from tenants.registration.roster.problems import Finding, Group, Read, assumed, refused
from tenants.registration.roster.values import contact
from tenants.registration.roster.writing import fold, one_line

_NUMBERING = re.compile(r"(?<!\s)\s*(?:[0-9]{1,2}[.)]|[-–*•·])\s+")
_CLOSE = 0.86  # difflib's ratio; 'Leadershp' is 0.94, 'Mine engineering' and 'Engineering' 0.81


class Known:
    """Names of the organisation, found whatever their case, accents and punctuation."""

    def __init__(self, names: Iterable[str] | None) -> None:
        self.names = {fold(name): name for name in names or ()}
        self.is_checked = bool(self.names)
        self._close: dict[str, str | None] = {}

    def exact(self, text: str) -> str | None:
        return self.names.get(fold(text))

    def close(self, text: str) -> str | None:
        """The one name that differs by a slip of the pen; long texts are nobody's slip."""
        key = fold(text)
        if key not in self._close:
            near = get_close_matches(key, self.names, n=2, cutoff=_CLOSE) if 3 < len(key) <= 100 else []
            self._close[key] = self.names[near[0]] if near else None
        return self._close[key]


def split_topics(text: str, known: Known) -> list[str]:
    """The items in their order. A comma separates only where nothing else does and the whole is no topic."""
    if re.search(r"[;|\n•]", text):
        items = re.split(r"[;|\n•]", text)
    elif known.exact(text):
        items = [text]
    else:
        items = re.split(r"[,،、]", text)
    return [bare for item in items if (bare := one_line(_NUMBERING.sub("", item, count=1)))]


def topics(text: str, known: Known) -> Read:
    """Topics in the order of the cell, each once. One that the programme does not have is kept as it stands, and said."""
    found: dict[str, None] = {}
    findings: list[Finding] = []
    for item in split_topics(text, known):
        if not known.is_checked or (exact := known.exact(item)) is not None:
            found[exact if known.is_checked and exact else item] = None
        elif (near := known.close(item)) is not None:
            findings.append(assumed("topic_read_as", Group.TOPICS, item, read_as=near))
            found[near] = None
        else:
            findings.append(assumed("unknown_topic", Group.TOPICS, item))
            found[item] = None
    return Read(list(found), tuple(findings))


def unit(text: str, known: Known) -> Read:
    """The organisation's own name of an office. Where it has named none, whatever stands there is one."""
    found = one_line(text)
    if not known.is_checked:
        return Read(found)
    if (exact := known.exact(found)) is not None:
        return Read(exact)
    near = known.close(found)
    return Read(None, (refused("unknown_unit", Group.UNITS, found, near),))


def exclusions(text: str) -> Read:
    """The addresses of people whom she must not meet. A name alone could be anybody."""
    found: dict[str, None] = {}
    for item in re.split(r"[;,|\n]|(?<!\s)\s+(?=\S+@)", text):
        if not item.strip():
            continue
        address = contact.email(item.strip())
        if address.value is None:
            suggestion = address.findings[0].suggestion
            return Read(None, (refused("exclusion_unclear", Group.EXCLUSIONS, item, suggestion),))
        found[address.value] = None
    return Read(list(found))
