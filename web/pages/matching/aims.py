"""What a run put first, and what that came to beside the most points in all."""

from collections.abc import Mapping
from typing import Any

from infra import language
from infra.language import gettext as _
from infra.language import ngettext
from tenants.proposals.runs import criteria, rules, words
from tenants.proposals.runs.criteria import UNIT


def told(result: Mapping[str, Any]) -> dict[str, Any]:
    """What the run put first, what is proved of it, and what it cost beside the most points in all."""
    code = result.get("aim", criteria.AIMS[0])
    cost = result["bound"] - result["total"]
    more = result["matched"] - result.get("most_points_matched", result["matched"])
    lowest = rules.of_hundred(result["lowest"])
    before = rules.of_hundred(result.get("most_points_lowest", result["lowest"]))
    said = []
    if code != criteria.AIMS[0]:
        said.append(price(cost, result["bound"]))
    if more > 0:
        said.append(ngettext("It matches one mentee more.", "It matches %(num)s mentees more.", more))
    elif more < 0:
        said.append(
            ngettext(
                "It leaves one mentee more without a mentor.",
                "It leaves %(num)s mentees more without a mentor.",
                -more,
            )
        )
    if code == "lowest" and lowest != before:
        said.append(_("The lowest score is %(lowest)s instead of %(before)s.", lowest=lowest, before=before))
    return {"code": code, "name": words.aim(code), "proof": words.proof(code), "told": said}


def price(cost: int, bound: int) -> str:
    """What another aim than the most points gives up."""
    if cost == 0:
        return _("It costs nothing: no set of pairs has more points.")
    points = language.number(cost / UNIT, places=1 if cost % UNIT else 0)
    return _(
        "It costs %(points)s of the %(most)s points that a run for the most points would have.",
        points=points,
        most=language.number(rules.of_hundred(bound)),
    )
