"""
The tree of errors that a person or a program may be told about.

    HouseError
    ├── NotFound      no such thing, or not one that this actor may know of
    ├── Forbidden     known to the actor, but not permitted
    │   └── StepUpNeeded  permitted, once she has proved anew that it is she
    ├── WrongState    the thing is not in a state that allows this
    ├── Conflict      somebody else was there first
    ├── Invalid       the input cannot be used; `problems` says why, field by field
    ├── LimitReached  a limit of time, size or number
    ├── Unavailable   a server that we need does not answer; try again
    └── Damaged       what is stored is not what was kept; whoever asked did nothing wrong

Each carries a `code` and facts, never a sentence: words are made at the edge,
in the reader's language. A bug is none of these and stays a bare exception.
"""

import dataclasses
from typing import Any, ClassVar


class HouseError(Exception):
    """Something that the person who asked can be told, with a stable code and facts."""

    code: ClassVar[str] = "error"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class NotFound(HouseError):
    code = "not_found"


class Forbidden(HouseError):
    code = "forbidden"


class StepUpNeeded(Forbidden):
    """She may do this, and has proved too long ago who she is: the page door asks her, the JSON door says so."""

    code = "step_up_needed"


class WrongState(HouseError):
    code = "wrong_state"


class Conflict(HouseError):
    code = "conflict"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing wrong with one field of an input.

    `field` is the name the sender used; `code` selects the sentence; `facts`
    fill it: what was found, what was expected, how to mend it.
    """

    field: str
    code: str
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


class Invalid(HouseError):
    code = "invalid"

    def __init__(self, *problems: Problem, **facts: Any) -> None:
        super().__init__(**facts)
        self.problems = problems


class LimitReached(HouseError):
    code = "limit_reached"


class Unavailable(HouseError):
    code = "unavailable"


class Damaged(HouseError):
    code = "damaged"
