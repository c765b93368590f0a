"""Finding the header and guessing the columns, in several languages and without any names."""

import pytest

from infra import language
from tenants.registration.importing import problem_words
from tenants.registration.roster import headers, reading, staging
from tenants.registration.roster.errors import IncompleteMapping
from tenants.registration.roster.fields import Field
from tests.tenants.registration.roster.books import HEADER, as_csv, roster

ANA = ("Ana Babić", "ana@example.org", "Mentor")


def sheet(*rows):
    return reading.read(as_csv(rows), "a.csv")


def fields(*header):
    cells = ["Ana"] * len(header)
    return [suggestion.field for suggestion in headers.suggest(sheet(header, cells))]


def test_header_is_found_below_title_and_empty_rows():
    found = sheet(
        ["Programme 2026", "", ""], [], ["", "", ""], ["Contact: ana@example.org", "", ""], HEADER, ANA
    )

    assert (found.header_row, [number for number, _ in found.rows()]) == (5, [6])
    assert [(a.code, a.facts) for a in found.assumptions] == [("header_below", {"row": 5})]


def test_header_with_unknown_names_is_the_first_full_row_of_words():
    assert sheet(["My list", "", ""], ["Wie", "Wohin", "Was"], ANA).header_row == 2


def test_table_without_header_is_said_and_columns_are_found_by_content():
    found = sheet(
        *[(f"Ana {name}", f"{name}@example.org".lower(), "Mentor") for name in ("Babić", "Softić", "Delić")]
    )
    columns = headers.columns_of(headers.suggest(found))

    assert (found.header_row, found.headers, found.row_count) == (0, ["", "", ""], 3)
    assert columns == {0: Field.FULL_NAME, 1: Field.EMAIL, 2: Field.ROLE}
    assert staging.stage(found, columns).counts()["ready"] == 3


def test_header_row_that_the_person_chose_wins():
    content = as_csv([("Full name", "E-mail"), ("A", "B"), ("Ana", "ana@example.org")])

    assert reading.read(content, "a.csv", header_row=2).headers == ["A", "B"]


@pytest.mark.parametrize(
    "name", ["inter-agency-2026.xlsx", "mentor-network.csv", "solidarite.csv", "large.csv"]
)
def test_rosters_are_mapped_whole_by_their_names(name):
    assert sorted(headers.columns_of(headers.suggest(roster(name))).values()) == sorted(
        set(Field) - {Field.GIVEN_NAME, Field.FAMILY_NAME, Field.REGION, Field.SECTOR}
    )


@pytest.mark.parametrize(
    "names",
    [
        ("NAME", "e-Mail Address:", "I want to be...", "Time-zone *", "Languages (with level)"),
        ("Nom et prénom", "Adresse électronique", "RÔLE", "Fuseau horaire", "Langues parlées"),
        ("الاسم الكامل", "البريد الإلكتروني", "الدور", "المنطقة الزمنية", "اللغات"),
        ("Nombre completo", "Correo electrónico", "Rol", "Zona horaria", "Idiomas"),
        ("Ф.И.О.", "Электронная почта", "Роль", "Часовой пояс", "Языки"),
        ("Fulde navn", "E-mailadresse", "Rolle", "Tidszone", "Sprog"),
        ("Vor- und Nachname", "E-Mail-Adresse", "Rolle", "Zeitzone", "Sprachkenntnisse"),
        ("Ime i prezime", "E-posta", "Uloga", "Vremenska zona", "Jezici"),
    ],
)
def test_names_are_known_in_our_languages(names):
    assert fields(*names) == [Field.FULL_NAME, Field.EMAIL, Field.ROLE, Field.TIME_ZONE, Field.LANGUAGES]


def test_danish_roster_is_read_whole_by_our_own_danish_words():  # K75
    with language.use("da"):
        names = [language.gettext(problem_words.FIELD_NAMES[field]) for field in Field]
    cells = {
        Field.FULL_NAME: "Mette Kjær", Field.EMAIL: "mette@example.org", Field.ROLE: "Begge", Field.GENDER: "Kvinde",
        Field.MODE: "Begge dele", Field.CAPACITY: "to menteer", Field.EXPERIENCE_YEARS: "12 år",
        Field.LANGUAGES: "Dansk (modersmål); engelsk (arbejdssprog); arabisk (grundlæggende)",
        Field.TIME_ZONE: "København", Field.DATE: "3. maj 2026",
    }  # fmt: skip
    found = sheet(names, [cells.get(field, "") for field in Field])
    columns = headers.columns_of(headers.suggest(found))
    (row,) = staging.stage(found, columns).rows
    read = {name: value for name, value in row.value.items() if value}

    assert list(columns.values()) == list(Field)
    assert read == {
        "full_name": "Mette Kjær", "email": "mette@example.org", "roles": ["mentor", "mentee"], "gender": "F", "mode": "both",
        "capacity": 2, "experience_years": 12, "time_zone": "Europe/Copenhagen", "date": "2026-05-03",
        "languages": [{"code": "da", "level": "native"}, {"code": "en", "level": "working"}, {"code": "ar", "level": "basic"}],
    }  # fmt: skip


def test_halves_of_a_name_are_two_fields_and_a_half_alone_is_the_whole():
    assert fields("Prénom", "Nom", "Courriel") == [Field.GIVEN_NAME, Field.FAMILY_NAME, Field.EMAIL]
    assert fields("Nom", "Courriel") == [Field.FULL_NAME, Field.EMAIL]


def test_a_field_goes_to_one_column_and_the_better_name_wins():
    assert fields("Work e-mail of the person", "E-mail", "Full name") == [None, Field.EMAIL, Field.FULL_NAME]


def test_remembered_mapping_wins_and_remembers_what_was_left_out():
    first = sheet(("Who", "Where to", "Full name"), ("Ana Babić", "ana@example.org", "x"))
    memory = headers.remember(first, {0: Field.FULL_NAME, 1: Field.EMAIL})
    again = headers.suggest(sheet(("WHO", "where-to", "Full Name"), ("Eva", "eva@example.org", "y")), memory)

    assert memory == {"who": "full_name", "where to": "email", "full name": ""}
    assert [(s.field, s.why) for s in again] == [
        (Field.FULL_NAME, "remembered"),
        (Field.EMAIL, "remembered"),
        (None, "remembered"),
    ]


def test_suggestion_says_how_sure_and_why():
    by_name, by_content = headers.suggest(sheet(("Full name", "???"), ("Ana Babić", "ana@example.org")))

    assert (by_name.confidence, by_name.why, by_name.examples) == (1.0, "name", ("Ana Babić",))
    assert (by_content.field, by_content.why, by_content.confidence) == (Field.EMAIL, "content", 0.7)


def test_few_addresses_of_many_people_are_their_supervisors():
    rows = [(f"Ana Babić{n}", f"p{n}@example.org", f"boss{n % 3}@example.org") for n in range(30)]

    assert [s.field for s in headers.suggest(sheet(("x", "y", "z"), *rows))][1:] == [
        Field.EMAIL,
        Field.SUPERVISOR_EMAIL,
    ]


def test_mapping_without_an_obligatory_field_or_with_one_twice_is_refused():
    found = sheet((*HEADER, "Mail 2"), (*ANA, "x"))

    with pytest.raises(IncompleteMapping) as refusal:
        staging.stage(found, {0: Field.FULL_NAME, 1: Field.EMAIL, 3: Field.EMAIL})

    assert refusal.value.facts == {"missing": ["role"], "doubled": ["email"]}


def test_list_field_may_be_spread_over_columns():
    columns = {0: Field.FULL_NAME, 1: Field.EMAIL, 2: Field.ROLE, 3: Field.LANGUAGES, 4: Field.LANGUAGES}
    found = sheet((*HEADER, "Language 1", "Language 2"), (*ANA, "English (fluent)", "Danish (basic)"))

    assert staging.stage(found, columns).rows[0].value["languages"] == [
        {"code": "en", "level": "fluent"},
        {"code": "da", "level": "basic"},
    ]
