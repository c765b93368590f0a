"""What the codes of a run say: its errors, criteria, constraints, reasons and changes, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from infra.language import N_, NN_, gettext, ngettext
from tenants.proposals.runs.rules import of_hundred

SENTENCES = {
    "run_open": N_("Run %(number)s of this pool is still under way. You can wait for it, or stop it and start anew."),
    "run_for_all_offices": N_("A run is over the people of all offices. A colleague who works for all of them can start it; its pairs with your people then wait for you here."),
    "run_not_open": N_("This run has ended already, so there is nothing to stop."),
    "run_not_done": N_("This run has no result so far."),
    "pool_empty": N_("Nobody on the side of the %(side)s is ready to be matched yet, so a run would find nothing."),
    "quota_one_kind": N_("Quotas are for organisations or for offices, not for both in one run."),
    "quota_office_with_organisations": N_("Quotas for offices go only where the run asks nothing about organisations: neither as a constraint nor as something that matters."),
    "quota_twice": N_("There are two quotas for %(found)s on the same side. Please keep one."),
    "quota_not_here": N_("Quotas are for runs with mentors and mentees. Please leave them out."),
    "aim_not_here": N_("Such a run looks for the most points in all. Please leave the other choices out."),
    "window_unusable": N_("Write whole numbers from %(least)s to %(most)s, the smaller number first."),
    "sizes_out_of_bounds": N_("Choose from %(least)s to %(most)s people, the smaller number first."),
    "wish_lock_in_circles": N_("A circle has more than two people, so nobody is fixed before the run. You can move people when you see the circles."),
    "pool_without_peers": N_("Nobody is ready to be matched yet, so a run would find nothing."),
    "quota_of_nobody": N_("Nobody from %(found)s is ready to be matched, so there is nothing to limit."),
    "wish_same_side": N_("A pair is one mentor and one mentee of the same cycle."),
    "wish_second_lock": N_("This mentee is kept together with somebody else already. Release that pair first."),
    "wish_no_place": N_("This mentor has no place for another pair that you keep together."),
    "wish_tried_before": N_("These two have tried, or one of them said no, so they are never proposed to each other again."),
    "wish_same_person": N_("This is one and the same person."),
    "wish_nobody_found": N_("Nobody of this name is in the cycle. Look at the spelling, or write the beginning alone."),
    "wish_several_found": N_("Several people have such a name. Please choose one of them."),
    "nothing_weighs": N_("Nothing weighs anything so far. Please let at least one criterion matter."),
    "run_pool_too_large": N_("There are %(found)s %(what)s, and %(limit)s are the most that one run can take so far. Please match one office or region at a time."),
    "run_too_many_groups": N_("These people could form more groups than one run can compare. Please match one office or region at a time, or ask for a higher language level."),
    "run_too_many_swaps": N_("To place the last people here, more pairs would have to be exchanged than can be computed exactly. Please choose “Most points in all”, or match one office or region at a time."),
    "run_lock_impossible": N_("A pair that you keep together breaks a constraint of this run. Release the pair or change the constraint, and start again."),
    "run_not_proved": N_("The independent check did not confirm the result, so nothing of it is used. Please tell whoever runs the installation."),
    "run_broken": N_("Something went wrong on our side while the run was working. Nothing was proposed to anyone. You can start it again."),
    "run_not_permitted": N_("Whoever started this run may not start runs any more, so it was not done. You can start it again."),
    "run_lost": N_("The run stopped several times without a result. Nothing was proposed to anyone. You can start it again."),
}  # fmt: skip

CRITERIA = {
    "topics": N_("Topics"),
    "languages": N_("Language level"),
    "overlap": N_("Hours in common"),
    "sector": N_("Line of work"),
    "organisation": N_("Organisation"),
    "seniority": N_("A little more experienced"),
    "mode": N_("Way of meeting"),
    "region": N_("Region"),
    "gender": N_("Wish about whom to meet"),
}

LIMITS = {
    "capacity": N_("Places"),
    "person": N_("Two different people"),
    "organisation": N_("The rule about organisations"),
    "supervisor": N_("No line of supervision"),
    "exclusion": N_("People’s own wishes"),
    "forbidden": N_("Pairs that you keep apart"),
    "gender": N_("Wishes about whom to meet"),
    "languages": N_("A language in common"),
    "overlap": N_("Hours in common"),
    "seniority": N_("Enough experience"),
    "mode": N_("Ways of meeting that go together"),
    "topics": N_("A topic that was asked for"),
    "score": N_("Anything in common at all"),
    "quota": N_("A quota that you set"),
    "group": N_("A group around one topic"),
    "circle": N_("A circle of enough people"),
    "size": N_("The size that this run asks for"),
}

# What a run looks for: its name, what it means, and what is proved of its result.
AIMS = {
    "points": (
        N_("Most points in all"),
        N_("All pairs together fit as well as they can. Somebody may go without a mentor when others fit much better."),
        N_("Nothing better exists."),
    ),
    "people": (
        N_("Most people first"),
        N_("As many mentees as possible get a mentor. Among all ways to do that, this takes the one with the most points."),
        N_("No set has more pairs, and none with as many pairs has more points."),
    ),
    "lowest": (
        N_("The weakest pair first"),
        N_("As many mentees as possible get a mentor, and the pair that fits least fits as well as it can. Then points count."),
        N_("No set has more pairs. None with as many has a higher lowest score, and none of those has more points."),
    ),
    "stable": (
        N_("Pairs that would not swap"),
        N_("No mentor and mentee fit better with each other than with those whom they got. Some may go without a partner."),
        N_("No mentor and mentee who are not a pair fit better with each other than with those whom they got."),
    ),
}  # fmt: skip

LEVELS = {
    0: N_("not in use"),
    1: N_("Gets by"),
    2: N_("Works in it"),
    3: N_("Fluent"),
    4: N_("First language"),
}

_OTHERS = {
    "mentee": NN_("one mentor", "%(num)s mentors"),
    "mentor": NN_("one mentee", "%(num)s mentees"),
    "peer": NN_("one other person", "%(num)s other people"),
}

# Why somebody has no partner. `others` is the other side with its number.
_REASONS = {
    "nobody": N_("There is nobody on the other side."),
    "full": N_("All who are possible have their places filled with pairs that fit better."),
    "taken": N_("All who are possible fit better elsewhere."),
    "quota": N_("The quota that you set is used up."),
    "capacity": N_("No place is offered."),
    "person": N_("The only person on the other side is the same person."),
    "organisation": N_("The rule about organisations leaves none of %(others)s."),
    "supervisor": N_("A line of supervision stands between this person and each of %(others)s who would be possible."),
    "exclusion": N_("People’s own wishes, or a no from before, rule out each of %(others)s who would be possible."),
    "forbidden": N_("You keep this person apart from each of %(others)s who would be possible."),
    "gender": N_("Wishes about whom to meet leave none of %(others)s."),
    "languages": N_("None of %(others)s shares a language at the level that this run asks for."),
    "overlap": N_("None of %(others)s shares enough hours of the working day."),
    "seniority": N_("None of %(others)s fits the experience that this run asks for."),
    "mode": N_("None of %(others)s wants to meet in the same way."),
    "topics": N_("The topics that were asked for and the topics that are offered do not meet, for none of %(others)s."),
    "score": N_("Nothing that matters in this run is shared with any of %(others)s."),
    "places": N_("Fewer places are left than a group needs."),
    "circle": N_("No circle of enough people has a language and an hour for this person."),
    "group": N_("No group among %(others)s has a place, a topic and a language that go together for this person."),
}  # fmt: skip
_SEVERAL = N_(
    "No single constraint decides: %(others)s are ruled out for several reasons. The last to fall is: %(limit)s."
)
_UNANSWERED = N_(
    "This person has not answered what the constraint “%(limit)s” asks, so nothing can be shown to hold."
)

# The smallest change, for one person. `people` is how many become possible, `name` the best of them.
_CHANGES = {
    "languages": NN_("Ask for a language level one lower", "Ask for a language level %(num)s lower"),
    "overlap": NN_("Ask for one hour less in common", "Ask for %(num)s hours less in common"),
    "seniority": NN_("Move the bound on experience by one", "Move the bound on experience by %(num)s"),
    "topics": NN_("Ask for one topic less", "Ask for %(num)s topics less"),
}
_RULES = {
    "organisation": N_("Leave out the rule about organisations"),
    "supervisor": N_("Leave out the rule about supervision"),
    "exclusion": N_("Ask whether the wish not to meet still stands"),
    "forbidden": N_("Release a pair that you keep apart"),
    "gender": N_("Leave out the wishes about whom to meet"),
    "mode": N_("Let different ways of meeting go together"),
    "score": N_("Let something matter that these people share"),
    "person": N_("Invite somebody else"),
    "quota": N_("Raise the quota by one"),
    "capacity": N_("Offer a place"),
}


_MORE = {
    "mentee": N_("Invite more mentors."),
    "mentor": N_("Invite more mentees."),
    "peer": N_("Invite more people."),
}


# Where nobody is to lead.
_OF_PEERS = {"seniority": N_("Similar experience")}


def criterion(name: str, *, of_peers: bool = False) -> str:
    known = CRITERIA | _OF_PEERS if of_peers else CRITERIA
    return gettext(known.get(name, name))


def limit(name: str) -> str:
    return gettext(LIMITS.get(name, name))


def aim(code: str) -> str:
    return gettext(AIMS[code][0])


def proof(code: str) -> str:
    """What the independent check has confirmed of a result."""
    return gettext(AIMS[code][2])


def others(side: str, count: int) -> str:
    """The other side with its number: 24 mentors, for a mentee."""
    singular, plural = _OTHERS[side]
    return ngettext(singular, plural, count)


def reason(side: str, code: str, facts: Mapping[str, Any]) -> str:
    """Why somebody was left out, in one sentence."""
    if facts.get("unanswered"):
        return gettext(_UNANSWERED, limit=limit(code))
    message = _REASONS.get(code)
    if message is None:
        return gettext(_SEVERAL, others=others(side, facts["others"]), limit=limit(code))
    return gettext(message, others=others(side, facts["others"]))


def change(side: str, told: Mapping[str, Any], name: str) -> str:
    """The smallest change that would match somebody; `name` is the best partner that it would open."""
    what = told["what"]
    if what == "people":
        return gettext(_MORE[side])
    facts = {"name": name, "score": of_hundred(told["score"])}
    if what == "place" and side == "mentee":
        said = gettext("Ask %(name)s for one more place: score %(score)s.", **facts)
    elif what == "points":
        # A fraction of a point is a change too: it is said as one.
        missing = max(1, of_hundred(told["amount"]))
        said = ngettext(
            "One point more with %(name)s would be enough; now it is a score of %(score)s.",
            "%(num)s points more with %(name)s would be enough; now it is a score of %(score)s.",
            missing,
            **facts,
        )
    else:
        said = _relaxed(what, told, facts)
    if told.get("certain", True):
        return said
    return said + " " + gettext("Others would still go first, so this alone may not be enough.")


def _relaxed(what: str, told: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    if what in _CHANGES:
        begin = ngettext(*_CHANGES[what], told["amount"])
    else:
        begin = gettext(_RULES.get(what, "Change the constraint"))
    return ngettext(
        "%(change)s: one person becomes possible, %(name)s with a score of %(score)s.",
        "%(change)s: %(num)s people become possible, the best %(name)s with a score of %(score)s.",
        max(1, told["people"]),
        change=begin,
        **facts,
    )
