"""What the form of a new programme begins with, and what its choices mean."""

from datetime import date, timedelta
from typing import Any

from infra import clock
from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.programmes.models import ProgrammeState, Structure
from tenants.programmes.starters import StarterName
from tenants.programmes.words import STRUCTURE_MEANINGS, STRUCTURE_NAMES
from web.door import Door


def usual(door: Door) -> dict[str, Any]:
    """What the form begins with: a month to register, three weeks to match and prepare, a year together."""
    dates = proposed(clock.today(door.organisation.time_zone))
    year = str(dates["launch_on"].year)
    return {
        "starter": StarterName.MENTOR_NETWORK.value,
        "structure": Structure.ONE_TO_ONE.value,
        "languages": list(door.organisation.languages),
        "cycle_name": year,
        "state": ProgrammeState.OPEN.value,
    } | {name: day.isoformat() for name, day in dates.items()}


def proposed(today: date) -> dict[str, date]:
    after = {"opens_on": 0, "closes_on": 30, "matching_on": 37, "launch_on": 51, "ends_on": 51 + 365}
    return {name: today + timedelta(days=days) for name, days in after.items()}


def starter(filled: Form) -> StarterName:
    try:
        return StarterName(filled.text("starter"))
    except ValueError as error:
        raise Invalid(Problem("starter", "not_a_choice")) from error


def structure(filled: Form) -> Structure | None:
    """As the starter has it where nothing is said."""
    given = filled.text("structure")
    if not given:
        return None
    try:
        return Structure(given)
    except ValueError as error:
        raise Invalid(Problem("structure", "not_a_choice")) from error


def structures() -> list[tuple[str, str, str]]:
    """Each with what it means."""
    return [(one.value, _(STRUCTURE_NAMES[one]), _(meaning)) for one, meaning in STRUCTURE_MEANINGS.items()]
