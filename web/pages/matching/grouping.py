"""The result of a run that forms groups: each with its topic, its people and their scores."""

from typing import Any
from uuid import UUID

from infra.language import gettext as _
from tenants.proposals.models import MatchingRun, ProposalState
from tenants.proposals.runs import results, rules
from tenants.proposals.runs.results import Pair
from web.door import Door
from web.pages.matching import showing

MOST = 1_000  # people of a run that forms groups: its page shows them all


def is_of_groups(run: MatchingRun) -> bool:
    return "groups" in run.result


async def of_run(door: Door, run: MatchingRun) -> list[dict[str, Any]]:
    """The groups of whose people the reader may see somebody, the highest score first."""
    pairs = await results.pairs(door.session, door.actor, run.id, limit=MOST)
    people = await results.named(
        door.session, door.actor, {id for one in pairs for id in (one.mentor_id, one.mentee_id)}
    )
    topics = await showing.topics(door, run.cycle_id)
    by_mentor: dict[UUID, list[Pair]] = {}
    for one in pairs:
        by_mentor.setdefault(one.mentor_id, []).append(one)
    groups = [_group(mentor, members, people, topics) for mentor, members in by_mentor.items()]
    return sorted(groups, key=lambda group: (-group["score"], group["mentor"]))


def _group(
    mentor_id: UUID, members: list[Pair], people: showing.People, topics: dict[str, str]
) -> dict[str, Any]:
    facts = _topic_facts(members[0])
    return {
        "mentor": showing.name_of(people, mentor_id),
        "place": showing.place_of(people, mentor_id),
        "topic": ", ".join(topics.get(code, code) for code in facts.get("met", ())) or _("No topic"),
        "size": facts.get("group", len(members)),
        "score": rules.of_hundred(sum(one.score for one in members)),
        "drafts": [one.id for one in members if one.state == ProposalState.DRAFT],
        "members": [showing.pair(one, people) for one in members],
    }


def _topic_facts(one: Pair) -> dict[str, Any]:
    found: dict[str, Any] = next(
        (row["facts"] for row in one.contributions if row["criterion"] == "topics"), {}
    )
    return found


def proof(result: dict[str, Any]) -> str:
    """How near the groups are to what nothing can beat."""
    if result["total"] == result["bound"]:
        return _("Proved: no groups of these people have more points.")
    share = 100 * result["total"] / result["bound"] if result["bound"] else 100
    return _(
        "No groups of these people can have more than %(bound)s points; these have %(total)s, which is at least %(share)s %% of the best there can be.",
        bound=rules.of_hundred(result["bound"]), total=rules.of_hundred(result["total"]), share=int(share),
    )  # fmt: skip
