"""Programmes as organisations set them up, and what the deeds in them choose among."""

from tests.histories.script import CIRCLE, GROUP, Terms

ZONES = ("Europe/Copenhagen", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo", "UTC")
DAYS = 425  # fourteen months
TERMS = (
    Terms("network", releases_at_once=True),
    Terms("agencies", releases_at_once=False, remind_days=10, call_days=5),
    Terms(
        "short",
        releases_at_once=False,
        check_up_days=(10, 61, 120),
        term_months=5,
        answer_days=2,
        date_days=7,
        review_months=2,
    ),
    Terms(
        "quiet",
        releases_at_once=True,
        check_up_days=(30,),
        term_months=7,
        meet_days=30,
        asks_evaluation=False,
    ),
    Terms(
        "groups",
        releases_at_once=False,
        check_up_days=(30, 91),
        term_months=8,
        review_months=3,
        structure=GROUP,
    ),
    Terms("circles", releases_at_once=False, term_months=10, review_months=6, structure=CIRCLE, least=3),
)
DESKS = ("colleague", "coordinator")
CHOICES = ("READY TO BE MATCHED", "NETWORK PARTICIPANT", "LEFT")
TICKED = (
    "proposal.next",
    "proposal.unanswered",
    "relationship.left",
    "relationship.check_up",
    "evaluation.goes_on",
    "relationship.quiet",
    "relationship.not_heard",
    "agreement.copy",
    "notice.given",
    "agreement.signed",
    "agreement.review",
    "party.next",
)
OFTEN = ("Once a week", "Twice a month", "When we like")
GROUNDS = ("month", "month", "month", "breach", "confidence")
