"""
Mentees whom every limit treats alike stand one after the other: what limits say of all mentors is then found once for each such group.

Only what decides a limit counts here, and only as far as the rules ask for it: of languages who reaches the minimum, and how far
others fall short. Limits between few (`barring`) are left out; whoever uses a group looks at them row by row.
"""

import numpy as np

from matcher.columns import FREE, I32, I64, NO_BOUND, Flags
from matcher.scan.barring import Codes
from matcher.scan.layout import Packed
from matcher.scan.packing import seniority, windows
from matcher.solving import mixed


def by_limits(packed: Packed, rows: I32, *others: Codes) -> tuple[I64, Flags]:
    """
    int64[r]: an order of the storage rows `rows`; bool[r]: where in it a group begins. `others` [r] are equal in a group too.

    Groups stand together by a hash; two that share one are still told apart, and at worst a group stands in two places.
    """
    columns = [*deciding(packed, packed.mentee_at[rows]), *others]
    table = np.column_stack([np.zeros(len(rows), np.int32), *columns])
    hashed = np.zeros(len(rows), np.uint64)
    for column in table.T:
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + column.astype(np.int64).view(np.uint64)
    order = np.argsort(mixed(hashed), kind="stable")
    table = table[order]
    is_new = np.ones(len(rows), np.bool_)
    is_new[1:] = (table[1:] != table[:-1]).any(axis=1)
    return order, is_new


def deciding(packed: Packed, people: I32) -> list[Codes]:
    """What of their answers the limits look at."""
    e, rules = packed.pool.mentees, packed.rules
    found: list[Codes] = []
    if rules.languages > 0:
        found += list(np.minimum(e.languages[people], rules.languages).T)
    if rules.overlap > 0:
        found += [column[people] for column in windows(packed.pool, e.zone)]
    if (rules.lowest_gap, rules.highest_gap) != (NO_BOUND, NO_BOUND):
        found.append(seniority(packed.pool, packed.criteria, "mentees")[people])
    if rules.organisation != FREE:
        found.append(e.organisation[people])
    if rules.gender:
        found += [e.gender[people], e.gender_wish[people]]
    if rules.mode:
        found.append(e.mode[people])
    if rules.topics > 0:
        found += list(e.wanted[people].T)
    return found
