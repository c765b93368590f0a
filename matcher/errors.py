"""
What can go wrong in a run. Each carries facts, no sentence: words are made at the edge.

    ValueError
    ├── InvalidColumn   a column, table or option is not what its description says
    ├── LimitReached    the pool is larger than this version can solve exactly
    └── LockedRefused   a locked pair breaks a limit, a capacity or another lock
    Cancelled           `cancelled` answered True
"""


class InvalidColumn(ValueError):
    """`column` is the dotted name (`mentees.sector`), `row` the first row at fault or -1 for the whole."""

    def __init__(self, column: str, row: int, problem: str) -> None:
        super().__init__(f"{column}[{row}]: {problem}" if row >= 0 else f"{column}: {problem}")
        self.column = column
        self.row = row
        self.problem = problem


class LimitReached(ValueError):
    """`what` counts `found`, and at most `limit` can be solved."""

    code = "pool_too_large"

    def __init__(self, what: str, found: int, limit: int) -> None:
        super().__init__(f"{what}: {found} is more than the limit of {limit}")
        self.what = what
        self.found = found
        self.limit = limit


class LockedRefused(ValueError):
    """`limit` is one of `LIMITS`, or "capacity" or "quota" when the locks together want more than there is."""

    code = "locked_refused"

    def __init__(self, mentee: int, mentor: int, limit: str) -> None:
        super().__init__(f"locked pair ({mentee}, {mentor}) fails the limit {limit}")
        self.mentee = mentee
        self.mentor = mentor
        self.limit = limit


class Cancelled(Exception):
    """The caller asked to stop; nothing was changed and nothing is returned."""
