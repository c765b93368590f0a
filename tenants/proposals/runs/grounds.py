"""What the points of a criterion rest on, and what two people have for each other, as sentences."""

from collections.abc import Mapping
from typing import Any

from infra.language import N_, gettext, language_name, listed, ngettext
from tenants.proposals.runs.rules import Shown
from tenants.proposals.runs.words import LEVELS

_SAME = {
    "sector": (N_("The same line of work"), N_("Another line of work")),
    "organisation": (N_("The same organisation"), N_("Another organisation")),
    "region": (N_("The same region"), N_("Another region")),
}


def basis(row: Shown, topics: Mapping[str, str]) -> str:
    """What the points of a criterion rest on, in words that both people of a pair may read."""
    facts = row.facts
    said = ""
    if row.criterion == "topics":
        said = _topics(facts, topics)
    elif row.criterion == "languages" and "language" in facts:
        level = gettext(LEVELS[facts["level"]])
        said = gettext("%(language)s: %(level)s", language=language_name(facts["language"]), level=level)
    elif row.criterion == "overlap" and "hours" in facts:
        said = ngettext(
            "One hour of the working day in common",
            "%(num)s hours of the working day in common",
            facts["hours"],
        )
    elif row.criterion == "seniority" and "gap" in facts:
        said = _gap(facts["gap"], facts.get("measure", "years"))
    elif row.criterion == "seniority" and "apart" in facts:
        said = _apart(facts["apart"], facts.get("measure", "years"))
    elif row.criterion in _SAME and "same" in facts:
        said = gettext(_SAME[row.criterion][0 if facts["same"] else 1])
    elif row.criterion in ("mode", "gender"):
        said = gettext("Both wishes go together") if row.points else gettext("No wish in common")
    return said or gettext("No answer so far")


def _topics(facts: Mapping[str, Any], topics: Mapping[str, str]) -> str:
    if "learns" in facts:
        return " · ".join(exchanges(facts, topics))
    codes = dict.fromkeys((*facts.get("met", ()), *facts.get("back", ())))  # of peers, both ways
    met = [topics.get(code, code) for code in codes]
    if facts.get("group"):
        return ngettext(
            "A group of one mentee with one mentor: %(topics)s",
            "A group of %(num)s mentees with one mentor: %(topics)s",
            facts["group"],
            topics=", ".join(met),
        )
    if not met:
        return gettext("None of the topics that were asked for")
    return gettext("Asked for and offered: %(topics)s", topics=", ".join(met))


def exchanges(facts: Mapping[str, Any], topics: Mapping[str, str]) -> list[str]:
    """What somebody learns in her circle, and what the others learn from her."""
    learns = listed([topics.get(code, code) for code in facts["learns"]])
    gives = listed([topics.get(code, code) for code in facts["gives"]])
    said = [gettext("Learns: %(topics)s", topics=learns)] if learns else []
    return said + ([gettext("Shares: %(topics)s", topics=gives)] if gives else [])


def _apart(apart: int, measure: str) -> str:
    """How far two peers are from each other, of whom none is to lead."""
    if measure == "grade":
        return ngettext("One grade apart", "%(num)s grades apart", apart)
    return ngettext("One year of experience apart", "%(num)s years of experience apart", apart)


def _gap(gap: int, measure: str) -> str:
    if gap < 0 and measure == "grade":
        return ngettext("The mentee is one grade ahead", "The mentee is %(num)s grades ahead", -gap)
    if gap < 0:
        return ngettext(
            "The mentee has one year more experience", "The mentee has %(num)s years more experience", -gap
        )
    if measure == "grade":
        return ngettext("One grade ahead", "%(num)s grades ahead", gap)
    return ngettext("One year more experience", "%(num)s years more experience", gap)
