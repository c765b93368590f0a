"""
What the codes of roster import say: about a cell, about a file as a whole, about what a coordinator may decide.

Texts are made where they are read, in the reader's language, from codes and facts.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from infra import language
from infra.language import N_
from infra.language import gettext as _
from tenants.registration.importing import problem_words as problems
from tenants.registration.importing.file_words import ASSUMPTIONS, ENCODINGS, SIGNS
from tenants.registration.roster.codes import CODES
from tenants.registration.roster.problems import Severity
from tenants.registration.words import ROLE_NAMES

SENTENCES = {
    "import.changed": N_("Somebody has decided something about this import meanwhile. Look at it as it stands now, and decide again."),
    "import.closed": N_("This import is no longer a preview. Upload the file again to import more of it."),
    "import.not_ready": N_("This file is still being read, or could not be read. Look at it again before you import."),
    "import.nothing": N_("No row of this file is ready to import."),
    "import.not_committed": N_("Nothing of this file has been imported, so there is nothing to take back."),
    "import.too_late": N_("An import can be taken back for 30 days. They are over."),
    "import.file_open": N_("A colleague has this very file open for this cycle. Ask her, or somebody who works for the whole organisation, to import it or to give it up."),
    "import.consent_unsaid": N_("Say that the people on this roster have agreed. Without that we may not keep what it tells of them."),
    "not_a_row": N_("Write the number of a row, from 0 to %(maximum)s."),
    "roster.wrong_choice": N_("One of these decisions cannot be made for this file."),
    "roster.incomplete_mapping": N_("Say which columns hold the name, the e-mail address and the role, each once."),
    "roster.question_twice": N_("Another column answers this question already."),
    "roster.wrong_format": N_("This file is not a table that we can read."),
    "roster.encrypted": N_("This file is protected with a password."),
    "roster.damaged": N_("This file is damaged: a part of it cannot be read."),
    "roster.empty": N_("There are no people in this file."),
    "roster.merged_header": N_("Cells of the header are merged over several columns."),
    "roster.no_such_sheet": N_("The file has no sheet of this name."),
    "roster.wrong_encoding": N_("We do not know this encoding."),
    "roster.wrong_delimiter": N_("This sign cannot stand between cells."),
    "roster.too_large": N_("This file is too large."),
    "roster.too_many_cells": N_("This file has more rows or columns than we can read."),
    "roster.unfolds_too_far": N_("This file unpacks to far more than a table needs, so we did not open it."),
}  # fmt: skip


def sentence(code: str) -> str:
    """What the code of a file's fault says."""
    return _(SENTENCES[code])


def problem(found: Mapping[str, Any]) -> str:
    """What is wrong with a cell, or how it was read."""
    return _(problems.SENTENCES[found["code"]], **_facts(found))


def remedy(found: Mapping[str, Any]) -> str:
    """How to mend it; empty where nothing need be done."""
    meant = CODES[found["code"]]
    if found["severity"] != Severity.REFUSED and meant.remedy != "correct_cell":
        return ""
    key = meant.remedy if found["suggestion"] or meant.remedy != "accept_suggestion" else "correct_cell"
    words = problems.REMEDIES.get(key, "")
    return _(words, suggestion=language.isolated(found["suggestion"] or "")) if words else ""


def expected(found: Mapping[str, Any]) -> str:
    """What should stand in the cell."""
    words = problems.EXPECTED[CODES[found["code"]].expected]
    return _(words) if words else ""


def field_name(name: str | None) -> str:
    return _(problems.FIELD_NAMES[name]) if name else _("The whole row")


def reason(found: Mapping[str, Any]) -> str:
    """One problem in full, for the file of refused rows: where, what, and how to mend it."""
    where = found["header"] or field_name(found["field"])
    said = _("%(column)s: %(problem)s", column=where, problem=problem(found))
    return " ".join(filter(None, (said, remedy(found) or expected(found))))


def reasons(found: Iterable[Mapping[str, Any]]) -> str:
    return " ".join(reason(one) for one in found if one["severity"] == Severity.REFUSED)


def assumption(code: str, facts: Mapping[str, Any]) -> str:
    """How the file as a whole was read."""
    return _(ASSUMPTIONS[code], **_shown_facts(facts))


def encoding_name(code: str | None) -> str:
    """UTF-8, Windows-1252 (Western Europe); two where lines differ."""
    if not code:
        return ""
    return language.listed([_(ENCODINGS.get(one, one)) for one in code.split("+")])


def sign_name(sign: str | None) -> str:
    return _(SIGNS[sign]) if sign in SIGNS else (sign or "")


def group_heading(group: str, severity: str) -> str:
    table = problems.REFUSED_GROUPS if severity == Severity.REFUSED else problems.ASSUMED_GROUPS
    return _(table[group])


def decision(group: str, chosen: str) -> str:
    return _(problems.DECISIONS.get((group, chosen)) or problems.ANY_DECISION[chosen])


def becomes(found: Mapping[str, Any]) -> str:
    """What the cell will become, where that can be said in a few words."""
    facts = found.get("facts", {})
    if "read_as" in facts:
        return value_words(found["field"], facts["read_as"])
    if found["suggestion"]:
        suggested = [found["suggestion"]] if found["field"] == "languages" else found["suggestion"]
        return _("%(text)s?", text=language.isolated(value_words(found["field"], suggested)))
    if found["severity"] == Severity.REFUSED:
        return _("needs a decision")
    return problem(found)


def value_words(name: str | None, value: Any) -> str:
    """A value as a reader says it."""
    if value in (None, "", [], {}):
        return ""
    if (say := _VALUES.get(name or "")) is not None:
        return say(value)
    if isinstance(value, list | tuple):
        return language.listed([str(one) for one in value])
    return language.number(value) if isinstance(value, int) else str(value)


def _languages(value: Any) -> str:
    return language.listed([_language(one) for one in _as_list(value)])


def _roles(value: Any) -> str:
    return language.listed([_(ROLE_NAMES.get(one, one)) for one in _as_list(value)])


def _mode(value: Any) -> str:
    return _(problems.MODES.get(value, value))


def _gender(value: Any) -> str:
    return _(problems.GENDERS.get(value, value))


def _as_list(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)


def language_name(code: str, lang: str | None = None) -> str:
    """The name of a language; of one that the Unicode tables leave out we know it ourselves."""
    own = problems.LANGUAGES.get(code)
    return (own if lang == language.SOURCE else _(own)) if own else language.language_name(code, lang)


def _language(one: Any) -> str:
    if isinstance(one, str):
        return language_name(one)
    name = language_name(one["code"])
    if not one.get("level"):
        return name
    return _("%(language)s (%(level)s)", language=name, level=_(problems.LEVELS[one["level"]]))


def _day(text: str) -> str:
    try:
        return language.day(problems.day_of(text))
    except ValueError:
        return text


def _facts(found: Mapping[str, Any]) -> dict[str, Any]:
    name = found["field"]
    facts = _shown_facts(found["facts"])
    for key in ("read_as", "or_else"):
        if key in found["facts"]:
            facts[key] = language.isolated(value_words(name, found["facts"][key]))
    if "options" in found["facts"]:
        facts["options"] = language.listed(
            [language_name(code) for code in found["facts"]["options"]], style="or"
        )
    for key in ("earliest", "latest"):
        if key in found["facts"]:
            facts[key] = _day(str(found["facts"][key]))
    return {"found": language.isolated(found["found"]), "field": field_name(name), **facts}


def _shown_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in facts.items():
        if name == "encoding":
            shown[name] = encoding_name(value)
        elif name in ("delimiter", "sign"):
            shown[name] = sign_name(value)
        elif name == "order":
            shown[name] = _(problems.ORDERS[value])
        elif isinstance(value, list | tuple):
            shown[name] = language.listed(
                [language.number(v) if isinstance(v, int) else str(v) for v in value]
            )
        else:
            # What people wrote runs in its own direction, whatever the direction of the sentence around it.
            shown[name] = language.isolated(value) if isinstance(value, str) else value
    return shown


_VALUES: dict[str, Callable[[Any], str]] = {
    "languages": _languages,
    "role": _roles,
    "roles": _roles,
    "mode": _mode,
    "gender": _gender,
    "date": lambda value: _day(str(value)),
}
