"""
Every code that import can give, with its facts, so that pages can make a sentence of each.

Facts come beside what every problem has: row, column, header, field, `found`
(at most 80 characters of the cell) and `suggestion` (text that would mend it, or None).
"""

from dataclasses import dataclass

from tenants.registration.roster.problems import Group


@dataclass(frozen=True, slots=True)
class Code:
    """What the code means, what was expected (a key), how to mend it (a key), and its facts."""

    meaning: str
    expected: str
    remedy: str
    facts: tuple[str, ...] = ()


_CORRECT, _CHOOSE, _CONFIRM, _ACCEPT, _NONE = (
    "correct_cell",
    "choose_reading",
    "confirm",
    "accept_suggestion",
    "nothing",
)

REFUSED: dict[str, Code] = {
    "missing": Code("an obligatory field is empty", "a_value", _CORRECT),
    "email_wrong": Code("this cannot be an e-mail address", "email_address", _ACCEPT),
    "email_misspelt": Code(
        "the domain looks like a slip of a well-known one", "email_address", _ACCEPT, ("domain",)
    ),
    "several_emails": Code("more than one address in the cell", "one_email_address", _ACCEPT, ("addresses",)),
    "unknown_role": Code("not a role", "role", _CHOOSE, ("expected",)),
    "unknown_mode": Code("not a kind of mentoring", "mode", _CHOOSE, ("expected",)),
    "unknown_time_zone": Code("no such time zone", "time_zone", _CHOOSE),
    "unknown_language": Code("no language that we know by that name", "language", _CHOOSE),
    "language_unclear": Code("a name for several languages", "language", _CHOOSE, ("options",)),
    "unknown_unit": Code("the organisation has no such office", "office", _CHOOSE),
    "not_a_number": Code("not a number", "whole_number", _CORRECT, ("of", "least", "most")),
    "number_out_of_range": Code("a number that cannot be", "whole_number", _CORRECT, ("of", "least", "most")),
    "not_a_date": Code("not a date", "date", _CORRECT),
    "date_impossible": Code(
        "no such day, or a year that cannot be", "date", _CORRECT, ("earliest", "latest")
    ),
    "too_long": Code("more text than the field can take", "shorter_text", "shorten", ("length", "limit")),
    "formula_as_name": Code("a formula stands where a name should", "name", _CORRECT),
    "formula_without_value": Code(
        "a formula whose result the file does not hold", "text", _CORRECT, ("formula",)
    ),
    "not_a_name": Code("no letters, or an address, where a name should stand", "name", _CORRECT),
    "name_lost": Code("question marks took the place of every letter of the name", "name", "save_as_utf_8"),
    "exclusion_unclear": Code("somebody to be kept apart who has no address here", "email_address", _ACCEPT),
    "address_of_another_row": Code(
        "a different person above has the same address", "own_email_address", _CORRECT, ("row", "name")
    ),
    "same_person_twice": Code(
        "the same person above, and the later row is left out by choice", "one_row", _NONE, ("row",)
    ),
    "address_taken": Code(
        "somebody with another name is here with this address", "own_email_address", _CONFIRM, ("name",)
    ),
    "not_an_answer": Code(
        "no answer to the question that the column was said to hold", "text", "leave_or_mend", ("question",)
    ),
    "row_left_out": Code("left out by choice", "nothing", _NONE),
}

ASSUMED: dict[str, Code] = {
    "spaces_removed": Code("white space or invisible characters were removed", "tidy_text", _NONE),
    "email_tidied": Code("the address was unwrapped or put in small letters", "email_address", _CONFIRM, ("read_as",)),
    "role_read_as": Code("the role was written unusually", "role", _CONFIRM, ("read_as",)),
    "role_doubtful": Code("topics offered by a mentee who wants none, or wanted by a mentor who offers none", "role", _CONFIRM, ("role",)),
    "mode_read_as": Code("the kind of mentoring was written unusually", "mode", _CONFIRM, ("read_as",)),
    "unknown_gender": Code("a word that we do not know; taken as not stated", "gender", _CHOOSE, ("expected",)),
    "time_zone_read_as": Code("the zone's name was written differently", "time_zone", _CONFIRM, ("read_as",)),
    "time_zone_from_abbreviation": Code("an abbreviation that several zones use", "time_zone", _CONFIRM, ("read_as",)),
    "time_zone_from_place": Code("the zone of that city or country", "time_zone", _CONFIRM, ("read_as",)),
    "time_zone_from_offset": Code(
        "an offset names no place, so summer time is not known", "time_zone", _CONFIRM, ("read_as", "has_summer_time")
    ),
    "languages_read_as": Code("languages in short forms or oddly separated", "language", _CONFIRM, ("read_as", "without_level")),
    "language_without_level": Code("no level stated", "language_level", _CORRECT, ("without_level",)),
    "topic_read_as": Code("nearly the name of a topic", "topic", _CONFIRM, ("read_as",)),
    "unknown_topic": Code("no topic of the programme; kept as written", "topic", _CHOOSE),
    "number_in_words": Code("the number was written as a word", "whole_number", _CONFIRM, ("read_as",)),
    "number_range": Code("of a range the smaller number", "whole_number", _CONFIRM, ("read_as",)),
    "number_open": Code("'more than' is read as the number itself", "whole_number", _CONFIRM, ("read_as",)),
    "number_rounded": Code("a part of a whole was dropped", "whole_number", _CONFIRM, ("read_as",)),
    "capacity_zero": Code("no place for a mentee: will not be matched as mentor until changed", "whole_number", _CONFIRM),
    "capacity_ignored": Code("a number of mentees for somebody who is no mentor", "nothing", _NONE),
    "date_two_ways": Code("day and month could be either", "date", "choose_date_order", ("read_as", "or_else")),
    "date_other_form": Code("written unlike the other dates of the column", "date", _CONFIRM, ("read_as",)),
    "date_from_serial": Code("a spreadsheet's number of a day", "date", _CONFIRM, ("read_as",)),
    "phone_odd": Code("kept as written, though it cannot be a number", "phone", _CORRECT),
    "formula_cell": Code("a formula; the text that the file remembers was taken, nothing was calculated", "text", _CONFIRM, ("formula",)),
    "formula_as_text": Code("text that begins like a formula is kept as text", "text", _NONE),
    "letters_lost": Code("question marks took the place of letters", "text", "save_as_utf_8"),
    "letters_mended": Code("letters garbled by a wrong encoding were put right", "text", _CONFIRM, ("read_as",)),
    "name_joined": Code("given and family name were joined", "name", _NONE, ("read_as",)),
    "expected_missing": Code("empty, and needed before matching", "a_value", _CORRECT),
    "own_supervisor": Code("her own address as her supervisor's; left empty", "email_address", _CORRECT),
    "excludes_self": Code("her own address among those to keep apart; left out", "email_address", _NONE, ("address",)),
    "exclusion_in_file": Code("will never be matched with the person of that row", "email_address", _CONFIRM, ("address", "row", "name")),
    "exclusion_here": Code("will never be matched with a person who is here", "email_address", _CONFIRM, ("address", "name")),
    "exclusion_unknown": Code("nobody with this address yet; kept for when she comes", "email_address", _CORRECT, ("address",)),
    "merged_from": Code("rows of the same person were taken together", "one_row", _CONFIRM, ("rows", "differing")),
    "merged_into": Code("taken together with an earlier row of the same person", "one_row", _CONFIRM, ("row",)),
    "perhaps_same_person": Code("same name, and same telephone or nearly the same address", "one_row", _CONFIRM, ("row",)),
    "address_also_in": Code("this row keeps the address that others use as well", "own_email_address", _CONFIRM, ("rows",)),
    "already_here": Code("a person of the organisation", "nothing", "choose_for_people_here", ("name", "decision")),
    "left_out": Code("left empty by choice", "nothing", _NONE, ("problem",)),
    "suggestion_taken": Code("the suggestion was taken by choice", "nothing", _NONE, ("read_as", "problem")),
    "cut": Code("shortened by choice", "nothing", _NONE, ("length", "limit")),
    "kept": Code("kept as it stands by choice", "nothing", _NONE, ("problem",)),
    "read_by_choice": Code("read as the coordinator said", "nothing", _NONE, ("read_as",)),
}  # fmt: skip

CODES = REFUSED | ASSUMED

# About the file as a whole; `sheet.Assumption`.
SHEET: dict[str, Code] = {
    "encoding_guessed": Code("no encoding was stated", "encoding", "choose_encoding", ("encoding",)),
    "encodings_mixed": Code(
        "some lines are in another encoding", "encoding", "choose_encoding", ("encoding", "lines")
    ),
    "delimiter_guessed": Code(
        "the sign between cells was guessed", "delimiter", "choose_delimiter", ("delimiter",)
    ),
    "sheet_chosen": Code("the fullest of several sheets", "sheet", "choose_sheet", ("sheet", "others")),
    "header_below": Code("the header is not in the first row", "header_row", "choose_header_row", ("row",)),
    "no_header": Code("no row looks like a header", "header_row", "choose_header_row", ()),
    "headers_doubled": Code("two columns have the same name", "header", "check_mapping", ("headers",)),
    "unclosed_quote": Code("a quotation mark was opened and never closed", "quote", "check_file", ("row",)),
    "dates_read_as": Code(
        "day or month first, over the column", "date", "choose_date_order", ("column", "order", "is_certain")
    ),
    "merged_filled": Code("a cell merged over rows was written into each", "text", "check_file", ("ranges",)),
    "decimals_read_as": Code("the sign before a fraction", "whole_number", "check_file", ("column", "sign")),
    "own_question": Code(
        "the header is a question of the programme", "text", "nothing", ("column", "question")
    ),
    "own_answers_unread": Code(
        "cells that are no answer to that question", "text", "check_file", ("column", "count", "rows")
    ),
    "formulas": Code("cells with formulas; nothing was calculated", "text", "nothing", ("count",)),
    "extra_cells": Code("rows with more cells than the header has", "header", "check_file", ("rows",)),
}

# What a coordinator may decide for a whole group (`Choices.groups`); the first is what happens unasked.
DECISIONS: dict[Group, tuple[str, ...]] = {
    Group.EMAILS: ("ask", "accept"),
    Group.EXCLUSIONS: ("ask", "accept", "leave_out"),
    Group.TIME_ZONES: ("ask", "leave_out"),
    Group.LANGUAGES: ("ask", "leave_out"),
    Group.NUMBERS: ("ask", "leave_out"),
    Group.DATES: ("ask", "leave_out"),
    Group.UNITS: ("ask", "accept", "create", "leave_out"),
    Group.WORDS: ("ask", "leave_out"),
    Group.ANSWERS: ("ask", "leave_out"),
    Group.TOO_LONG: ("ask", "cut", "leave_out"),
    Group.FORMULAS: ("ask", "leave_out"),
    Group.LOST_LETTERS: ("ask", "keep"),
    Group.SAME_PERSON: ("merge", "last", "first"),
    Group.SHARED_ADDRESS: ("first", "none"),
    Group.ALREADY_HERE: ("keep", "update", "skip"),
    Group.ADDRESS_TAKEN: ("ask", "same"),
}
