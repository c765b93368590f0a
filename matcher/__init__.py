"""
The numbers: columns of codes in, an exact matching with proof and reasons out.

Knows no table, no web, no queue and no words: only integers. docs/capabilities/matcher.md
is the page about it.
"""

from matcher import archiving
from matcher.assigning import assign
from matcher.certifying import certify
from matcher.columns import (
    ANY_REGION,
    BOTH,
    BY_EXPERIENCE,
    BY_GRADE,
    CRITERIA,
    CROSS_REQUIRED,
    FREE,
    GROUP,
    INDIVIDUAL,
    LIMITS,
    MAX_SCORE,
    NO_BOUND,
    OTHER_REGION,
    SAME_REGION,
    SAME_REQUIRED,
    TOPIC_WORDS,
    Criteria,
    Mentees,
    Mentors,
    Pool,
    Quotas,
)
from matcher.counting import Counted, count_pairs
from matcher.digest import VERSION, digest
from matcher.errors import Cancelled, InvalidColumn, LimitReached, LockedRefused
from matcher.modes import PEOPLE, SCORE, STABLE, WORST_OFF
from matcher.proposing import MOST_A_SIDE, propose
from matcher.reasoning import explain
from matcher.results import (
    Assignment,
    Certificate,
    Change,
    Claim,
    Matching,
    NextBest,
    Reasons,
    Unmatched,
    Waterfall,
)
from matcher.searching import Searched, search_mentees, search_mentors, search_peers
from matcher.stable import count_blocking_pairs, deferred_acceptance
from matcher.structures.changes import Weighed, weigh_circle, weigh_group
from matcher.structures.circle_recount import certify_circles
from matcher.structures.circling import MOST_IN_CIRCLES, CircleMatching, propose_circles
from matcher.structures.group_recount import certify_groups
from matcher.structures.group_results import GroupMatching
from matcher.structures.grouping import MOST_IN_GROUPS, propose_groups
from matcher.structures.looking import count_peers, explain_mutual
from matcher.structures.mutual import MOST_IN_MUTUAL, propose_mutual
from matcher.structures.mutual_results import MutualMatching
from matcher.structures.peer_recount import certify_mutual
from matcher.tables import STANDARD_WEIGHTS, criterion_maxima, max_score, seniority_window, standard_criteria

__all__ = [
    "ANY_REGION",
    "BOTH",
    "BY_EXPERIENCE",
    "BY_GRADE",
    "CRITERIA",
    "CROSS_REQUIRED",
    "FREE",
    "GROUP",
    "INDIVIDUAL",
    "LIMITS",
    "MAX_SCORE",
    "MOST_A_SIDE",
    "MOST_IN_CIRCLES",
    "MOST_IN_GROUPS",
    "MOST_IN_MUTUAL",
    "NO_BOUND",
    "OTHER_REGION",
    "PEOPLE",
    "SAME_REGION",
    "SAME_REQUIRED",
    "SCORE",
    "STABLE",
    "STANDARD_WEIGHTS",
    "TOPIC_WORDS",
    "VERSION",
    "WORST_OFF",
    "Assignment",
    "Cancelled",
    "Certificate",
    "Change",
    "CircleMatching",
    "Claim",
    "Counted",
    "Criteria",
    "GroupMatching",
    "InvalidColumn",
    "LimitReached",
    "LockedRefused",
    "Matching",
    "Mentees",
    "Mentors",
    "MutualMatching",
    "NextBest",
    "Pool",
    "Quotas",
    "Reasons",
    "Searched",
    "Unmatched",
    "Waterfall",
    "Weighed",
    "archiving",
    "assign",
    "certify",
    "certify_circles",
    "certify_groups",
    "certify_mutual",
    "count_blocking_pairs",
    "count_pairs",
    "count_peers",
    "criterion_maxima",
    "deferred_acceptance",
    "digest",
    "explain",
    "explain_mutual",
    "max_score",
    "propose",
    "propose_circles",
    "propose_groups",
    "propose_mutual",
    "search_mentees",
    "search_mentors",
    "search_peers",
    "seniority_window",
    "standard_criteria",
    "weigh_circle",
    "weigh_group",
]
