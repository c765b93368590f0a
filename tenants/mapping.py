"""
The words in which each room says what its columns are for: a `data_map.py` beside its `models.py`.

    MAP = (
        table(
            "concern",
            title=N_("Concerns that you told"),
            purpose=Purpose.HELP,
            kept=UNTIL_ERASED,
            hers=(own("person_id"),),
            rows=Rows.DELETED,
            columns={
                "person_id": key(),
                "text": hers(N_("What you wrote"), Kind.CONFIDENTIAL),
                "settled_at": course(N_("Dealt with on")),
            },
        ),
    )

`tenants.privacy` reads all of them: an export holds what is `hers`, an erasure does to rows and columns what is
written here, and the schema test fails on a column that nobody has classified, or that is no longer there. See
docs/decisions/0015-privacy.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column tells of somebody."""

    KEY = "key"  # the id of a row, or of another
    IDENTITY = "identity"  # who she is
    CONTACT = "contact"  # how she is reached
    PROFILE = "profile"  # her work, her topics, her wishes
    SENSITIVE = "sensitive"  # what could be used against her
    CONFIDENTIAL = "confidential"  # told to few
    SECRET = "secret"  # noqa: S105  the name of a kind: what lets somebody in, or its digest
    COURSE = "course"  # what happened, and when
    HOUSE = "house"  # the organisation's own texts and settings, and the machinery; of nobody


# Kinds that tell something of a person. An erasure must not leave them where a row stays.
PERSONAL = frozenset(
    {Kind.IDENTITY, Kind.CONTACT, Kind.PROFILE, Kind.SENSITIVE, Kind.CONFIDENTIAL, Kind.SECRET}
)


class Purpose(StrEnum):
    ACCOUNT = "account"
    SIGN_IN = "sign_in"
    TAKING_PART = "taking_part"
    MATCHING = "matching"
    MENTORING = "mentoring"
    LETTERS = "letters"
    HELP = "help"
    CONSENT = "consent"
    IMPORTS = "imports"
    PROOF = "proof"
    DATA_RIGHTS = "data_rights"
    SERVICE = "service"


class Export(StrEnum):
    GIVEN = "given"  # stands in her copy
    NOTED = "noted"  # her copy says that it exists: somebody else wrote it, or it names others
    LEFT_OUT = "left_out"  # an id, a secret, or nothing of hers


class Erasing(StrEnum):
    GOES = "goes"  # with its row
    EMPTIED = "emptied"
    REPLACED = "replaced"  # by words that say that somebody was here
    STAYS = "stays"


class Rows(StrEnum):
    """What an erasure does to the rows that are hers."""

    DELETED = "deleted"
    EMPTIED = "emptied"  # the row stays for others and for statistics; what tells of her goes
    KEPT = "kept"  # it tells nothing of anybody whose name is gone


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long: `rule` selects the sentence, `days` fill it."""

    rule: str
    days: int | None = None


UNTIL_ERASED = Kept("until_erased")
WITHOUT_NAME = Kept("without_name")  # after an erasure the row stays, and names nobody
AS_PROOF = Kept("as_proof")
WITH_ORGANISATION = Kept("with_organisation")


def for_days(period: timedelta) -> Kept:
    return Kept("days", max(1, round(period / timedelta(days=1))))


@dataclass(frozen=True, slots=True)
class Column:
    """`label` is a gettext message id; a column that stands in her copy has one. `empty` is what an erasure leaves."""

    kind: Kind
    export: Export
    label: str = ""
    erasing: Erasing | None = None
    empty: Any = None
    why: str = ""


class By(StrEnum):
    """How a column leads to a row of another table, or to a person."""

    ID = "id"  # it holds the id
    VALUES = "values"  # one of the values of its JSON object is the id
    ADDRESS = "address"  # it holds her e-mail address
    ADDRESS_DIGEST = "address_digest"


@dataclass(frozen=True, slots=True)
class Link:
    column: str
    to: str
    by: By = By.ID


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    purpose: Purpose
    kept: Kept
    columns: Mapping[str, Column]
    title: str = ""
    hers: tuple[Link, ...] = ()
    rows: Rows = Rows.KEPT
    # Read and written by statements of its own in `tenants.privacy`, since the rights of the table ask for it.
    by_hand: bool = False

    def erasing(self, name: str) -> Erasing:
        """What becomes of a column of her rows."""
        stated = self.columns[name].erasing
        if stated is not None:
            return stated
        return Erasing.GOES if self.rows is Rows.DELETED else Erasing.STAYS


def table(
    name: str,
    *,
    purpose: Purpose,
    kept: Kept,
    columns: Mapping[str, Column],
    title: str = "",
    hers: tuple[Link, ...] = (),
    rows: Rows = Rows.KEPT,
    base: tuple[str, ...] = ("organisation_id", "id", "created_at"),
    by_hand: bool = False,
) -> Table:
    """`base` are the columns that every row has; say so if this table lacks some of them."""
    shared = {name: course() if name == "created_at" else key() for name in base if name not in columns}
    return Table(name, purpose, kept, shared | dict(columns), title, hers, rows, by_hand)


def own(column: str = "person_id") -> Link:
    """Rows whose `column` is the person."""
    return Link(column, "person")


def of(column: str, to: str) -> Link:
    """Rows whose `column` is a row of hers in the table `to`."""
    return Link(column, to)


def about(column: str, to: str) -> Link:
    """Rows whose JSON object `column` has the id of a row of hers in `to` among its values."""
    return Link(column, to, By.VALUES)


def key() -> Column:
    return Column(Kind.KEY, Export.LEFT_OUT)


def house() -> Column:
    """The organisation's own, or the machinery's: nothing of anybody."""
    return Column(Kind.HOUSE, Export.LEFT_OUT)


def secret(erasing: Erasing | None = None) -> Column:
    return Column(Kind.SECRET, Export.LEFT_OUT, erasing=erasing)


def course(label: str = "") -> Column:
    """What happened and when. In her copy if it has a label."""
    return Column(Kind.COURSE, Export.GIVEN if label else Export.LEFT_OUT, label)


_UNSAID: Any = object()


def hers(label: str, kind: Kind = Kind.PROFILE, *, empty: Any = _UNSAID) -> Column:
    """In her copy. `empty` is for rows that stay: what is left there."""
    if empty is _UNSAID:
        return Column(kind, Export.GIVEN, label)
    return Column(kind, Export.GIVEN, label, Erasing.EMPTIED, empty)


def replaced(label: str, kind: Kind = Kind.IDENTITY) -> Column:
    return Column(kind, Export.GIVEN, label, Erasing.REPLACED)


def noted(kind: Kind, *, empty: Any = _UNSAID) -> Column:
    """Tells of her, and is not hers to have: what others wrote, and what names others."""
    if empty is _UNSAID:
        return Column(kind, Export.NOTED)
    return Column(kind, Export.NOTED, "", Erasing.EMPTIED, empty)


def hidden(kind: Kind, *, empty: Any = _UNSAID) -> Column:
    """Tells of her, in a form in which it says nothing to her: a copy, a key to search by, a count of points."""
    if empty is _UNSAID:
        return Column(kind, Export.LEFT_OUT)
    return Column(kind, Export.LEFT_OUT, "", Erasing.EMPTIED, empty)


def stays(kind: Kind, why: str) -> Column:
    """Tells of her and is kept all the same; `why` is a sentence for whoever asks (gettext message id)."""
    return Column(kind, Export.LEFT_OUT, "", Erasing.STAYS, why=why)
