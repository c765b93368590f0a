"""The result of a run as a sheet to take along."""

from infra.language import gettext as _
from tenants.proposals.models import MatchingRun
from tenants.proposals.parties import queries as parties
from tenants.proposals.runs import results, rules, words
from tenants.proposals.runs.criteria import UNIT, WEIGHED
from tenants.proposals.runs.results import Left, Pair
from web.door import Door
from web.pages.matching.showing import left, names, pair


async def table(door: Door, run: MatchingRun) -> list[list[str | int]]:
    """Every pair with its points, then everybody left out with reason and change, for a sheet."""
    pairs: list[Pair] = []
    while page := await results.pairs(
        door.session, door.actor, run.id, after=pairs[-1].sort_key if pairs else None, limit=500
    ):
        pairs += page
    out: list[Left] = []
    while more := await results.unmatched(
        door.session, door.actor, run.id, after=out[-1].id if out else None, limit=500
    ):
        out += more
    people = await names(door, pairs, out, ())
    head = [_("Mentor"), _("Mentee"), _("Score"), *(words.criterion(name) for name in WEIGHED)]
    rows: list[list[str | int]] = [[*head, _("Next best for the mentee"), _("Reason"), _("Smallest change")]]
    for one in pairs:
        shown = {row.criterion: row.points for row in rules.shown(one.contributions)}
        told = pair(one, people)
        each: list[str | int] = [shown.get(name, 0) for name in WEIGHED]
        rows.append([told["mentor"], told["mentee"], told["score"], *each, told["next"], "", ""])
    rows += await _of_parties(door, run)
    for one_left in out:
        told = left(one_left, people)
        who = [told["name"], ""] if one_left.side == "mentor" else ["", told["name"]]
        blank: list[str | int] = [""] * (len(WEIGHED) + 2)
        rows.append([*who, *blank, told["reason"], told["change"]])
    return rows


async def _of_parties(door: Door, run: MatchingRun) -> list[list[str | int]]:
    """Groups with their mentor, circles by their number; a peer's points are with another of hers, on average."""
    rows: list[list[str | int]] = []
    for one in await parties.of_run(door.session, door.actor, run.id):
        mentor = next((seat.full_name for seat in one.seats if seat.role == "mentor"), "")
        members = [seat for seat in one.seats if seat.role != "mentor"]
        unit = UNIT if mentor else UNIT * max(1, len(members) - 1)
        name = mentor or _("Circle %(number)s", number=one.party.number)
        for seat in members:
            shown = {row.criterion: row.points for row in rules.shown(seat.contributions, unit=unit)}
            each: list[str | int] = [shown.get(criterion, 0) for criterion in WEIGHED]
            score = rules.of_hundred(seat.score, unit=unit)
            rows.append([name, seat.full_name, score, *each, "", "", ""])
    return rows
