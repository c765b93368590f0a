"""
Why a file as a whole cannot be read. A bad row is never among these.

Each says with its facts what was `found`, what is `expected` and, as a code,
how to `mend` it.
"""

from infra.errors import Invalid, LimitReached

EXPECTED = ("csv", "xlsx", "ods")


class WrongFormat(Invalid):
    """Facts: found (a format's name), expected (names), mend ('save_as_xlsx' or 'export_as_table')."""

    code = "roster.wrong_format"


class Encrypted(Invalid):
    """Facts: found (format), mend 'save_without_password'."""

    code = "roster.encrypted"


class Damaged(Invalid):
    """Facts: found (format), part (what could not be read), mend 'save_again'."""

    code = "roster.damaged"


class Empty(Invalid):
    """Facts: found ('nothing' or 'only_headers'), sheet, mend 'choose_sheet' or 'add_rows'."""

    code = "roster.empty"


class MergedHeader(Invalid):
    """Facts: row, ranges (such as ['D3:F3']), text (of the first), mend 'unmerge'."""

    code = "roster.merged_header"


class NoSuchSheet(Invalid):
    """Facts: found (the name asked for), expected (the names in the file)."""

    code = "roster.no_such_sheet"


class WrongEncoding(Invalid):
    """Facts: found (the encoding asked for), expected (encodings that can be chosen)."""

    code = "roster.wrong_encoding"


class WrongDelimiter(Invalid):
    """Facts: found (the sign asked for), expected (signs that can be chosen)."""

    code = "roster.wrong_delimiter"


class IncompleteMapping(Invalid):
    """Facts: missing (fields that no column gives), doubled (fields that two columns give)."""

    code = "roster.incomplete_mapping"


class TooLarge(LimitReached):
    """Facts: found and limit in bytes, mend 'split_file'."""

    code = "roster.too_large"


class TooManyCells(LimitReached):
    """Facts: found and limit, of 'rows', 'columns' or 'cells' (fact `what`), mend 'split_file'."""

    code = "roster.too_many_cells"


class Bomb(LimitReached):
    """An archive that unfolds to far more than it weighs. Facts: found and limit (bytes or entries), what, mend 'save_again'."""

    code = "roster.unfolds_too_far"
