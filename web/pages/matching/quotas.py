"""Quotas on the form of a run: one row for each organisation or office of the pool, blank where there is none."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from infra.errors import Invalid, Problem
from infra.language import N_
from infra.language import gettext as _
from tenants.organisations import queries as organisations
from tenants.pools import queries as pools
from tenants.proposals.models import MatchingRun
from tenants.proposals.runs import rules
from tenants.proposals.runs.criteria import Quota, folded
from web.door import Door

SIDES = ("mentee", "mentor")
SIDE_NAMES = {"mentee": N_("mentees"), "mentor": N_("mentors")}
KINDS = (("organisation", "entity"), ("office", "office"))
AT_ONCE = 40  # rows of one kind; more small groups than these are limited through the API


@dataclass(frozen=True, slots=True)
class Row:
    """A group of people, and the names of its two fields."""

    by: str
    of: str
    name: str
    mentees: int
    mentors: int
    fields: dict[str, str]


async def rows(door: Door, cycle_id: UUID) -> list[Row]:
    """Organisations and offices of a cycle's pool, the largest first; a kind of which there is one group is left out."""
    pool = await pools.pool_of(door.session, cycle_id)
    if pool is None:
        return []
    found = []
    every = await pools.groups(door.session, pool.id, *(field for _by, field in KINDS))
    for by, field in KINDS:
        offices: dict[str, str] = {}
        groups = every[field]
        if by == "office" and groups:
            offices = {str(one.id): one.name for one in await organisations.offices(door.session)}
            groups = [one for one in groups if one.of in offices]
        if len(groups) > 1:
            found += [
                Row(
                    by,
                    one.of,
                    offices.get(one.of, one.of),
                    one.mentees,
                    one.mentors,
                    {side: _field(by, side, one.of) for side in SIDES},
                )
                for one in groups[:AT_ONCE]
            ]
    return found


@dataclass(frozen=True, slots=True)
class Used:
    """A quota of a run that is done, and how many of its pairs there are."""

    name: str
    side: str
    used: int
    most: int


async def used(door: Door, run: MatchingRun) -> list[Used]:
    """How the quotas of a run were used, in the order in which they were set; of another office nothing is told."""
    names: dict[str, str] = {}
    listed = rules.quotas_told(door.actor, run)
    if any(one["by"] == "office" for one in listed):
        names = {str(one.id): one.name for one in await organisations.offices(door.session)}
    return [
        Used(names.get(one["of"], one["of"]), _(SIDE_NAMES[one["side"]]), one["used"], one["most"])
        for one in listed
    ]


def read(given: Mapping[str, str], listed: list[Row]) -> list[dict[str, object]]:
    """
    The quotas that were filled in.

    Raises:
        Invalid: what is no whole number, at its field.
    """
    wrong, found = [], []
    for row in listed:
        for side, field in row.fields.items():
            text = str(given.get(field, "")).strip()
            if not text:
                continue
            if text.isascii() and text.isdecimal() and len(text) <= 4:
                found.append({"by": row.by, "side": side, "of": row.of, "most": int(text)})
            else:
                wrong.append(Problem(field, "unusable"))
    if wrong:
        raise Invalid(*wrong)
    return found


def fields(quotas: list[Quota]) -> dict[str, str]:
    """The form's fields as these quotas would fill them."""
    return {_field(one.by, one.side, one.of): str(one.most) for one in quotas}


def opened(listed: list[Row], used: Iterable[str]) -> set[str]:
    """The kinds of which a field stands among `used`; all of them where a problem is about quotas as a whole."""
    names = set(used)
    if "quotas" in names:
        return {row.by for row in listed}
    return {row.by for row in listed if names & set(row.fields.values())}


def _field(by: str, side: str, of: str) -> str:
    # People write names as they like; a field's name has to stay one word.
    return f"q_{by}_{side}_{hashlib.sha256(folded(of).encode()).hexdigest()[:12]}"
