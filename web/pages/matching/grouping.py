"""The result of a run that forms groups or circles: each with what its people have in common, and their scores."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from infra import language
from infra.language import gettext as _
from infra.language import isolated
from tenants.programmes.structures import PEER, Makes
from tenants.proposals.models import MatchingRun
from tenants.proposals.parties import queries as parties
from tenants.proposals.parties.queries import Seated, Shown
from tenants.proposals.parties.words import STATE_NAMES
from tenants.proposals.party_models import PartyState
from tenants.proposals.runs import grounds, results, rules, words
from tenants.proposals.runs.criteria import UNIT
from web.door import Door
from web.pages.matching import showing

MARKS = 5  # of a circle; the others are counted


def makes(run: MatchingRun) -> str:
    """What a run made; runs that are older than circles say only whether they formed groups."""
    kind: str = run.result.get("makes") or (Makes.GROUPS if "groups" in run.result else Makes.PAIRS)
    return kind


async def of_run(door: Door, run: MatchingRun) -> list[dict[str, Any]]:
    """The groups or circles in which the reader may see somebody, the highest score first."""
    listed = await parties.of_run(door.session, door.actor, run.id)
    people = await results.named(
        door.session, door.actor, {seat.participation_id for one in listed for seat in one.seats}
    )
    labels = await showing.topics(door, run.cycle_id)
    return [told(one, people, labels) for one in listed]


def told(one: Shown, people: showing.People, labels: Mapping[str, str]) -> dict[str, Any]:
    """One group or circle for a page."""
    party, facts = one.party, one.party.facts
    is_circle = all(seat.role == PEER for seat in one.seats)
    members = [seat for seat in one.seats if seat.role != "mentor"]
    mentor = next((seat for seat in one.seats if seat.role == "mentor"), None)
    pairs = len(members) * (len(members) - 1) // 2 if is_circle else len(members)
    return {
        "id": party.id,
        "number": party.number,
        "is_circle": is_circle,
        "title": title(one),
        "mentor": mentor.full_name if mentor else "",
        "marks": marks(one)[0],
        "more": marks(one)[1],
        "topics": language.listed([labels.get(code, code) for code in facts.get("topics", ())[:3]]),
        "languages": language.listed([language.language_name(code) for code in facts.get("languages", ())]),
        "hours": facts.get("hours"),
        "size": len(members),
        "score": rules.of_hundred(round(party.score / pairs)) if pairs else 0,
        "state": party.state,
        "state_name": _(STATE_NAMES[PartyState(party.state)]),
        "is_draft": party.state == PartyState.DRAFT,
        "was_changed": party.changed_at is not None,
        "members": [_member(seat, members, people, labels, is_circle=is_circle) for seat in members],
    }


def marks(one: Shown) -> tuple[list[dict[str, str]], int]:
    """Name and role for each mark, and how many people are only counted."""
    shown = [{"name": seat.full_name, "role": seat.role} for seat in one.seats[:MARKS]]
    return shown, max(0, len(one.seats) - MARKS)


def title(one: Shown) -> str:
    """A group is called by its mentor, a circle by its number in the run."""
    mentor = next((seat.full_name for seat in one.seats if seat.role == "mentor"), None)
    if mentor:
        return _("Group of %(mentor)s", mentor=isolated(mentor))
    return _("Circle %(number)s", number=one.party.number)


def _member(
    seat: Seated,
    members: list[Seated],
    people: showing.People,
    labels: Mapping[str, str],
    *,
    is_circle: bool,
) -> dict[str, Any]:
    """Of a peer, what she has with another of her circle, on average."""
    unit = UNIT * max(1, len(members) - 1) if is_circle else UNIT
    shown = rules.shown(seat.contributions, unit=unit)
    weakest = rules.weakest(shown)
    others = [
        people[one.participation_id] for one in members if one is not seat and one.participation_id in people
    ]
    me = people.get(seat.participation_id)
    return {
        "id": seat.participation_id,
        "person_id": seat.person_id,
        "name": seat.full_name,
        "role": seat.role,
        "place": showing.place_of(people, seat.participation_id),
        "score": rules.of_hundred(seat.score, unit=unit),
        "reasons": [{"label": words.criterion(row.criterion, of_peers=is_circle), "points": row.points} for row in shown],
        "weakest": words.criterion(weakest.criterion) if weakest else "",
        "exchange": grounds.exchanges(_exchanged(me, others), labels) if is_circle and me else [],
    }  # fmt: skip


def _exchanged(me: results.Named, others: list[results.Named]) -> dict[str, list[str]]:
    """What she wants and another offers, and the other way round, as they stand now."""
    offered = {topic for one in others for topic in one.topics_offered}
    wanted = {topic for one in others for topic in one.topics_wanted}
    return {
        "learns": [topic for topic in me.topics_wanted if topic in offered],
        "gives": [topic for topic in me.topics_offered if topic in wanted],
    }


def named(listed: list[dict[str, Any]], party_id: UUID | str) -> dict[str, Any] | None:
    return next((one for one in listed if str(one["id"]) == str(party_id)), None)


def proof(run: MatchingRun) -> str:
    """How near the groups or circles are to what nothing can beat."""
    result, is_circles = run.result, makes(run) == Makes.CIRCLES
    if result["total"] == result["bound"]:
        if is_circles:
            return _("Proved: no circles of these sizes have more points.")
        return _("Proved: no groups of these people have more points.")
    share = 100 * result["total"] / result["bound"] if result["bound"] else 100
    facts = {
        "bound": language.number(rules.of_hundred(result["bound"])),
        "total": language.number(rules.of_hundred(result["total"])),
        "share": int(share),
    }
    if is_circles:
        return _(
            "No circles of these sizes can have more than %(bound)s points; these have %(total)s, which is at least %(share)s %% of the best there can be.",
            **facts,
        )
    return _(
        "No groups of these people can have more than %(bound)s points; these have %(total)s, which is at least %(share)s %% of the best there can be.",
        **facts,
    )
