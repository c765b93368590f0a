"""When a group or circle begins, as a table of answers."""

from types import SimpleNamespace

import pytest

from tenants.proposals.parties import rules

YES, NO, SILENT = True, False, None


def seats(mentor, *others):
    role = "peer" if mentor == "none" else "mentee"
    lead = [] if mentor == "none" else [SimpleNamespace(role="mentor", is_yes=mentor)]
    return [*lead, *(SimpleNamespace(role=role, is_yes=said) for said in others)]


@pytest.mark.parametrize(
    ("asked", "at_first", "once_the_time_is_over"),
    [
        (seats(YES, YES, YES, SILENT), None, True),
        (seats(YES, YES, YES, NO), True, True),
        (seats(SILENT, YES, YES, YES), None, False),
        (seats(NO, SILENT, SILENT, SILENT), False, False),  # nobody else is kept waiting
        (seats(YES, NO, NO, SILENT), False, False),
        (seats("none", YES, YES, SILENT), None, True),
        (seats("none", YES, NO, NO), False, False),
    ],
)
def test_two_of_three_begin_with_whoever_leads(asked, at_first, once_the_time_is_over):  # I07 U01
    assert rules.verdict(asked, 2) is at_first
    assert rules.verdict(asked, 2, is_over=True) is once_the_time_is_over


@pytest.mark.parametrize(
    ("asked", "may_begin"),
    [
        (seats(YES, YES, SILENT), True),
        (seats(SILENT, YES, YES), False),  # without its mentor
        (seats(YES, NO, SILENT), False),  # she alone
        (seats("none", YES, YES, SILENT), True),
        (seats("none", YES, NO, SILENT), False),
    ],
)
def test_a_coordinator_begins_it_with_two_at_least(asked, may_begin):
    assert rules.may_begin(asked) is may_begin
