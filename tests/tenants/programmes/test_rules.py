"""Which cycle is meant, who may take part, in which language a text is shown."""

from dataclasses import dataclass
from datetime import date

import pytest

from infra.errors import Invalid
from tenants.programmes import rules
from tenants.programmes.models import Structure
from tenants.programmes.structures import FACTS, facts


@dataclass(frozen=True)
class Run:
    name: str
    opens_on: date
    closes_on: date
    ends_on: date


FIRST = Run("2019", date(2019, 4, 1), date(2019, 5, 24), date(2020, 11, 30))
SECOND = Run("2020", date(2020, 4, 1), date(2020, 5, 24), date(2021, 11, 30))


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (date(2019, 1, 1), "2019"),  # the next to open
        (date(2019, 5, 24), "2019"),
        (date(2019, 9, 1), "2020"),  # whoever comes now can only mean the next
        (date(2020, 4, 15), "2020"),  # open while the first still runs (I17)
        (date(2021, 1, 1), "2020"),
        (date(2030, 1, 1), "2020"),
    ],
)
def test_current_cycle_is_resolved_from_the_day(today, meant):  # WCC #735
    assert rules.current_cycle([FIRST, SECOND], today).name == meant
    assert rules.current_cycle([SECOND, FIRST], today).name == meant


def test_current_cycle_of_none_is_none():
    assert rules.current_cycle([], date(2026, 1, 1)) is None


def test_of_two_open_cycles_the_sooner_to_close_is_meant():  # I17
    early = Run("early", date(2026, 1, 1), date(2026, 2, 1), date(2027, 1, 1))
    late = Run("late", date(2026, 1, 1), date(2026, 3, 1), date(2027, 1, 1))
    assert rules.current_cycle([late, early], date(2026, 1, 15)) is early


def test_texts_fall_back_along_the_languages_of_the_programme():
    texts = {"fr": "Réseau", "en": "Network", "ar": ""}
    assert rules.text_in(texts, "fr", ["en", "ar"]) == "Réseau"
    assert rules.text_in(texts, "ar", ["en", "ar"]) == "Network"
    assert rules.text_in(texts, "es", ["fr", "en"]) == "Réseau"
    assert rules.text_in({"da": "Netværk"}, "en", ["en"]) == "Netværk"
    assert rules.text_in({}, "en", ["en"]) == ""
    assert rules.missing_languages(texts, ["en", "ar"]) == ["ar"]


@pytest.mark.parametrize(
    ("asked", "said", "codes"),
    [
        ({}, {"gender": "man", "grade": "G1", "years": 0}, []),
        ({"genders": ["woman"]}, {"gender": "man", "grade": None, "years": None}, ["not_eligible_gender"]),  # U10
        ({"genders": ["woman"]}, {"gender": None, "grade": None, "years": None}, []),
        ({"grades": ["NOB", "P3"]}, {"gender": "woman", "grade": "p3", "years": None}, []),  # U21
        ({"grades": ["NOB", "P3"]}, {"gender": "woman", "grade": "P5", "years": None}, ["not_eligible_grade"]),
        ({"years_min": 5}, {"gender": None, "grade": None, "years": 4}, ["not_eligible_years_min"]),
        ({"years_min": 5, "years_max": 9}, {"gender": None, "grade": None, "years": 10}, ["not_eligible_years_max"]),
    ],
)  # fmt: skip
def test_eligibility(asked, said, codes):
    assert [p.code for p in rules.eligibility_problems(asked, **said)] == codes


def test_eligibility_by_gender_and_grade():  # U28
    asked = {"grades": ["P4", "P5"], "by_gender": {"man": ["G6", "G7"]}}
    assert rules.eligibility_problems(asked, gender="woman", grade="P4", years=None) == []
    assert rules.eligibility_problems(asked, gender="man", grade="G6", years=None) == []
    assert rules.eligibility_problems(asked, gender="man", grade="P4", years=None) != []
    assert rules.eligibility_problems(asked, gender="woman", grade="G6", years=None) != []


@pytest.mark.parametrize("bad", ["", "Women", "a--b", "-a", "a_b", "é", "a" * 61])
def test_slug_that_nobody_could_type_is_refused(bad):
    with pytest.raises(Invalid):
        rules.must_be_a_slug(bad)


def test_every_structure_has_its_facts():  # U01
    assert set(FACTS) == set(Structure)
    assert facts("reverse").seniority_sign == -1
    assert facts("circle").sides == ("peer",) and not facts("circle").has_lead
    assert facts("reciprocal").giving == facts("reciprocal").learning == {"peer"}
    assert not facts("coffee").has_agreement
