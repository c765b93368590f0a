"""The letters in a mark."""

import pytest

from infra.language import initials, isolated


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Njeri Mwangi", "NM"),
        ("Mei-Ling Tan", "MT"),
        ("Ana", "A"),
        ("مريم الخطيب", "مخ"),
        (isolated("Zoé Lacroix", "ar"), "ZL"),
        ("", ""),
        ("élodie de la Cruz", "ÉC"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name).replace("\N{ZERO WIDTH NON-JOINER}", "") == letters
