"""
The rows of a page: chosen by their ids first, then looked up one by one.

    person = keyed(Person, Pair.person_id, "full_name")
    _LISTED = lookup(
        select(Pair.id, Pair.begun_at, person.c.full_name).join(person, true()).where(Pair.id == CHOSEN.c.id)
    )
    ids = select(Pair.id).where(...).order_by(...).limit(50)
    query = _LISTED.of(ids).order_by(_LISTED.c.begun_at)

Beneath row security the planner does not know which organisation asks, and takes
each for one of average size. In a large organisation among many small ones it
therefore reads whole tables of it and sorts or hashes them, where fifty rows are
wanted. Ids and what they are ordered by lie in an index; OFFSET is a fence that
no plan crosses, so everything else is looked up for each of them. So is each row
of a large table that such a row points to: where most organisations are tiny,
reading "the one or two rows of this organisation" and joining them seems cheaper
than a key.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Uuid, column, literal_column, select, table, true

# The ids in hand, as a statement that is given to `lookup` names them.
CHOSEN = table("chosen", column("id", Uuid()))


@dataclass(frozen=True, slots=True)
class Lookup:
    """`one` has the columns of a row, to order by and to make entities of."""

    one: Any
    query: Any

    @property
    def c(self) -> Any:
        return self.one.c

    def of(self, ids: Any) -> Any:
        """The query for these ids, in no order."""
        return self.query.add_cte(ids.cte("chosen"))

    def showing(self, *columns: Any) -> "Lookup":
        """The same with other columns, made of those of `one`."""
        return Lookup(self.one, self.query.with_only_columns(*columns))


def fenced(query: Any) -> Any:
    """`query` as something that is evaluated for each row of what it is joined to."""
    return query.offset(literal_column("0")).lateral()


def keyed(entity: Any, key: Any, *names: str) -> Any:
    """
    The named columns of the one row whose id is `key`, to be joined on true().

    An index that holds all of these columns would be read without its table, and
    seems cheaper than the primary key if organisations are small: all of an
    organisation in it is read to find one id. No index holds a ctid.
    """
    row = entity.__table__.alias()
    is_read = column("ctid", _selectable=row) != literal_column("'(0,0)'::tid")
    found = select(*(row.c[name] for name in names)).where(row.c.id == key, is_read)
    return fenced(found.correlate_except(row))


def lookup(facts: Any) -> Lookup:
    """To be made once, when a module is loaded: building it costs more than running it."""
    one = fenced(facts.correlate(CHOSEN))
    return Lookup(one, select(*one.c).select_from(CHOSEN.join(one, true())))
