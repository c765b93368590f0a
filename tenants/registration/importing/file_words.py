"""What is said of a file as a whole: how it was read, and why it could not be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra import language
from infra.language import N_
from infra.language import gettext as _
from tenants.registration.importing.problem_words import FIELD_NAMES

ENCODINGS = {
    "utf-8": N_("UTF-8"),
    "utf-16": N_("UTF-16"),
    "utf-16-le": N_("UTF-16"),
    "utf-16-be": N_("UTF-16"),
    "windows-1252": N_("Windows-1252 (Western Europe)"),
    "windows-1250": N_("Windows-1250 (Central Europe)"),
    "windows-1251": N_("Windows-1251 (Cyrillic)"),
    "windows-1254": N_("Windows-1254 (Turkish)"),
    "windows-1256": N_("Windows-1256 (Arabic)"),
}
SIGNS = {
    ",": N_("comma"),
    ";": N_("semicolon"),
    "\t": N_("tab"),
    "|": N_("bar"),
    ".": N_("point"),
    ".,": N_("point or comma"),
    ",.": N_("point or comma"),
}
ASSUMPTIONS = {
    "encoding_guessed": N_("The file does not say its encoding. We read it as %(encoding)s."),
    "encodings_mixed": N_("%(lines)s lines are in another encoding than the others. We read the file as %(encoding)s."),
    "delimiter_guessed": N_("Cells are separated by: %(delimiter)s."),
    "sheet_chosen": N_("We read the sheet %(sheet)s. There are others: %(others)s."),
    "header_below": N_("The header is in row %(row)s; what stands above it is not read."),
    "no_header": N_("No row looks like a header, so all rows are read as people."),
    "headers_doubled": N_("Columns have the same name: %(headers)s. Look whether we read the right one."),
    "unclosed_quote": N_("A quotation mark in row %(row)s is never closed. From there on we read such marks as letters."),
    "dates_read_as": N_("Dates in column %(column)s are read as %(order)s."),
    "merged_filled": N_("Merged cells were filled down: %(ranges)s."),
    "decimals_read_as": N_("Fractions in column %(column)s begin after: %(sign)s."),
    "own_question": N_("Column %(column)s answers a question of the programme: %(question)s"),
    "own_answers_unread": N_("In column %(column)s some cells are no answer to its question, and stay open. How many: %(count)s. Rows: %(rows)s."),
    "formulas": N_("%(count)s cells hold formulas. We take the text that the file remembers, and calculate nothing."),
    "extra_cells": N_("Rows with more cells than the header: %(rows)s."),
}  # fmt: skip

FORMATS = {
    "csv": N_("CSV"),
    "xlsx": N_("Excel (XLSX)"),
    "ods": N_("OpenDocument (ODS)"),
    "pdf": N_("a PDF document"),
    "image": N_("a picture"),
    "rtf": N_("a text document"),
    "archive": N_("an archive of other files"),
    "program": N_("a program"),
    "xls": N_("an old Excel file (XLS)"),
    "xlsb": N_("a binary Excel file (XLSB)"),
    "docx": N_("a Word document"),
    "doc": N_("a Word document"),
    "odt": N_("a text document"),
    "pptx": N_("a presentation"),
    "numbers": N_("a Numbers file"),
    "ole": N_("an old Office file"),
    "html": N_("a web page"),
    "xml": N_("an XML file"),
    "unknown": N_("something that we do not know"),
}
EXPECTED = {
    "roster.wrong_format": N_("A table as CSV, Excel (XLSX) or OpenDocument (ODS)."),
    "roster.encrypted": N_("A file without a password."),
    "roster.damaged": N_("A whole file."),
    "roster.empty": N_("A header row, and below it one row for each person."),
    "roster.merged_header": N_("One name in one cell above each column."),
    "roster.no_such_sheet": N_("One of these sheets: %(expected)s."),
    "roster.too_large": N_("At most %(limit)s MB."),
    "roster.too_many_cells": N_("At most %(limit)s."),
    "roster.unfolds_too_far": N_("A file that holds a table and little else."),
    "roster.incomplete_mapping": N_("One column each for the name, the e-mail address and the role."),
}
MENDS = {
    "save_as_xlsx": N_("Open it in the program that made it and save it as XLSX or CSV. Then upload that file."),
    "export_as_table": N_("Copy the people into a spreadsheet, one row for each, and upload that file."),
    "save_without_password": N_("Open it, take the password away, save it under another name and upload that file."),
    "save_again": N_("Open it in a spreadsheet program, save it under another name and upload that file. If that fails, ask whoever sent it to send it again."),
    "choose_sheet": N_("Choose another sheet, or upload another file."),
    "add_rows": N_("Look whether you have the right file, and upload it again."),
    "unmerge": N_("Take the merge of these cells apart, give each column its own name, and upload the file again. Or say in which row the names stand."),
    "split_file": N_("Split it into several files and upload one after the other."),
    "map": N_("Say which column holds what, and we read it again."),
    "choose_reading": N_("Say how the file is to be read, and we read it again."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be read, in three sentences and one heading."""

    heading: str
    found: str
    expected: str
    mend: str


def fault(heading: str, code: str, facts: dict[str, Any]) -> Fault:
    """`heading` is the sentence of the code."""
    shown = _shown(code, facts)
    expected = EXPECTED.get(code, "")
    mend = MENDS.get(str(facts.get("mend", "")))
    if mend is None:
        mend = MENDS["map" if code == "roster.incomplete_mapping" else "choose_reading"]
    return Fault(heading, _found(code, facts), _(expected, **shown) if expected else "", _(mend))


def _shown(code: str, facts: dict[str, Any]) -> dict[str, Any]:
    if code == "roster.too_large":
        return {"limit": facts["limit"] // (1024 * 1024)}
    if code == "roster.too_many_cells":
        return {"limit": _amount(facts["limit"], facts["what"])}
    if code == "roster.no_such_sheet":
        return {"expected": language.listed([str(name) for name in facts["expected"]])}
    return {}


def _amount(number: int, what: str) -> str:
    if what == "rows":
        return language.ngettext("one row", "%(num)s rows", number)
    if what == "columns":
        return language.ngettext("one column", "%(num)s columns", number)
    return language.ngettext("one cell", "%(num)s cells", number)


def _found(code: str, facts: dict[str, Any]) -> str:
    say = _FOUND.get(code)
    return say(facts) if say else str(facts.get("found", ""))


def _size(facts: dict[str, Any]) -> str:
    return _("%(size)s MB.", size=round(facts["found"] / (1024 * 1024), 1))


def _many(facts: dict[str, Any]) -> str:
    return _("%(amount)s.", amount=_amount(facts["found"], facts["what"]))


def _merged(facts: dict[str, Any]) -> str:
    return _(
        "In row %(row)s these cells are merged: %(ranges)s. In the first of them stands “%(text)s”.",
        row=facts["row"],
        ranges=language.listed(facts["ranges"]),
        text=facts["text"],
    )


def _empty(facts: dict[str, Any]) -> str:
    return _("Only a header.") if facts["found"] == "only_headers" else _("Nothing.")


def _kind(facts: dict[str, Any]) -> str:
    return _("%(format)s.", format=_(FORMATS.get(facts["found"], FORMATS["unknown"])))


def _unfolding(facts: dict[str, Any]) -> str:
    if facts["what"] == "bytes":
        return _("It would unpack to %(size)s MB.", size=round(facts["found"] / (1024 * 1024)))
    if facts["what"] == "ratio":
        return _("It would unpack to %(times)s times its size.", times=facts["found"])
    return _("It holds %(number)s files.", number=facts["found"])


def _mapping(facts: dict[str, Any]) -> str:
    said = []
    if facts["missing"]:
        names = language.listed([_(FIELD_NAMES[one]) for one in facts["missing"]])
        said.append(_("No column holds: %(fields)s.", fields=names))
    if facts["doubled"]:
        names = language.listed([_(FIELD_NAMES[one]) for one in facts["doubled"]])
        said.append(_("More than one column holds: %(fields)s.", fields=names))
    return " ".join(said)


_FOUND: dict[str, Callable[[dict[str, Any]], str]] = {
    "roster.too_large": _size,
    "roster.too_many_cells": _many,
    "roster.merged_header": _merged,
    "roster.empty": _empty,
    "roster.unfolds_too_far": _unfolding,
    "roster.incomplete_mapping": _mapping,
    "roster.wrong_format": _kind,
    "roster.encrypted": _kind,
    "roster.damaged": _kind,
}
