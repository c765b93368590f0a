"""From a run's criteria to the matcher's tables."""

from matcher import (
    BY_EXPERIENCE,
    BY_GRADE,
    CROSS_REQUIRED,
    FREE,
    NO_BOUND,
    SAME_REQUIRED,
    Criteria,
    standard_criteria,
)
from tenants.proposals.runs.criteria import Snapshot

RULES = {"any": FREE, "same": SAME_REQUIRED, "other": CROSS_REQUIRED}
ALIKE = (-3, 3)
"""Years (or grades) apart that count as similar experience, where nobody is to lead (C04)."""

OUTSIDE_SHARE = 8
"""Each year (or grade) outside the window costs this part of the criterion's weight."""


def tables(snapshot: Snapshot, sectors: int) -> Criteria:
    """Every table in stored points: `snapshot.unit` for each point of a hundred."""
    chosen = snapshot.criteria
    nobody_leads = snapshot.seniority_sign == 0
    weights = {name: points * snapshot.unit for name, points in snapshot.points.items()}
    return standard_criteria(
        weights,
        sector_group=range(sectors),
        window=ALIKE if nobody_leads else chosen.window,
        fall_off=max(1, weights.get("seniority", 0) // OUTSIDE_SHARE),
        seniority_measure=BY_GRADE if chosen.measure == "grade" else BY_EXPERIENCE,
        seniority_sign=snapshot.seniority_sign or 1,
        organisation_rule=RULES[chosen.organisation],
        supervisor_rule=chosen.supervisor,
        gender_rule=chosen.gender,
        language_minimum=chosen.languages,
        overlap_minimum=chosen.overlap,
        seniority_minimum=NO_BOUND if chosen.seniority is None or nobody_leads else chosen.seniority,
        mode_rule=chosen.mode,
        topics_minimum=chosen.topics,
    )


def in_use(snapshot: Snapshot) -> tuple[str, ...]:
    """The limits that these criteria ask for, in the matcher's order; wishes of people always hold."""
    chosen = snapshot.criteria
    asked = {
        "organisation": chosen.organisation != "any",
        "supervisor": chosen.supervisor,
        "exclusion": True,
        "gender": chosen.gender,
        "languages": chosen.languages > 0,
        "overlap": chosen.overlap > 0,
        "seniority": chosen.seniority is not None and snapshot.seniority_sign != 0,
        "mode": chosen.mode,
        "topics": chosen.topics > 0,
    }
    return tuple(name for name, is_asked in asked.items() if is_asked)
