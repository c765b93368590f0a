"""Each kind of value: what is read silently, what is said, what is refused."""

import pytest

from tenants.registration.roster.values import contact, dates, lists, numbers, tongues, words, zones
from tenants.registration.roster.values.lists import Known


def result(read):
    """The value, and the codes of what was said."""
    return read.value, [finding.code for finding in read.findings]


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("ana@example.org", "ana@example.org", []),
        ("ANA@Example.org", "ana@example.org", ["email_tidied"]),
        ("mailto:ana@example.org", "ana@example.org", ["email_tidied"]),
        ("Ana Babić <ana@example.org>", "ana@example.org", ["email_tidied"]),
        ("ana＠example．org", "ana@example.org", ["email_tidied"]),
        ("<ana@example.org>;", "ana@example.org", ["email_tidied"]),
        ("ana.o'neil@example.org", "ana.o'neil@example.org", []),
        ("'ana@example.org'", "ana@example.org", ["email_tidied"]),
        ("ana", None, ["email_wrong"]),
        ("ana@example", None, ["email_wrong"]),
        ("ana@@example.org", None, ["email_wrong"]),
        ("ana@localhost.test", None, ["email_wrong"]),
        ("call ana@example.org before noon", None, ["email_wrong"]),
        ("ana@gmial.com", None, ["email_misspelt"]),
        ("ana@example.org, eva@example.org", None, ["several_emails"]),
    ],
)
def test_email(text, value, said):
    assert result(contact.email(text)) == (value, said)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("ana at example.org", "ana@example.org"),
        ("ana(at)example.org", "ana@example.org"),
        ("ana [at] example [dot] org", "ana@example.org"),
        ("ana @ example.org", "ana@example.org"),
        ("ana@example,org", "ana@example.org"),
        ("ana@example..org", "ana@example.org"),
        ("call ana", None),
    ],
)
def test_email_is_suggested_and_never_invented(text, suggestion):
    read = contact.email(text)

    assert read.value is None
    assert read.findings[0].suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("Ana  Babić", "Ana Babić", []),
        ("赵莹", "赵莹", []),
        ("GÃ¼cal Akar", "Gücal Akar", ["letters_mended"]),
        ("Y?ld?z Zengin", "Y?ld?z Zengin", ["letters_lost"]),
        ("????? ????", "????? ????", ["name_lost"]),
        ('=HYPERLINK("http://example.com","click")', None, ["formula_as_name"]),
        ("12345", None, ["not_a_name"]),
        ("ana@example.org", None, ["not_a_name"]),
    ],
)
def test_name(text, value, said):
    assert result(contact.name(text)) == (value, said)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("Mentor", ["mentor"], []),
        ("mentee", ["mentee"], []),
        ("Both", ["mentor", "mentee"], []),
        ("Les deux", ["mentor", "mentee"], []),
        ("mentorée", ["mentee"], []),
        ("наставница", ["mentor"], []),
        ("كلاهما", ["mentor", "mentee"], []),
        ("MENTEE", ["mentee"], ["role_read_as"]),
        ("mentée", ["mentee"], ["role_read_as"]),
        ("Mentor/Mentee", ["mentor", "mentee"], ["role_read_as"]),
        ("I would like to be a mentor", ["mentor"], ["role_read_as"]),
        ("boss", None, ["unknown_role"]),
    ],
)
def test_role(text, value, said):
    assert result(words.role(text)) == (value, said)


def test_mode_gender_and_grade():
    assert result(words.mode("1:1")) == ("individual", [])
    assert result(words.mode("Les deux")) == ("both", [])
    assert result(words.mode("telepathy")) == (None, ["unknown_mode"])
    assert [words.gender(text).value for text in ("F", "homme", "Non-binary", "prefer not to say")] == [
        "F",
        "M",
        "X",
        None,
    ]
    assert result(words.gender("Capricorn")) == (None, ["unknown_gender"])
    assert [words.grade(text).value for text in ("P-3", "p 3", "no-b", "Inspector")] == [
        "P3",
        "P3",
        "NOB",
        "Inspector",
    ]


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("Europe/Sarajevo", "Europe/Sarajevo", []),
        ("UTC", "Etc/UTC", []),
        ("europe/sarajevo", "Europe/Sarajevo", ["time_zone_read_as"]),
        ("America / New York", "America/New_York", ["time_zone_read_as"]),
        ("EST", "America/New_York", ["time_zone_from_abbreviation"]),
        ("CET", "Europe/Brussels", ["time_zone_from_abbreviation"]),
        ("Sarajevo", "Europe/Sarajevo", ["time_zone_from_place"]),
        ("Vienne", "Europe/Vienna", ["time_zone_from_place"]),
        ("القاهرة", "Africa/Cairo", ["time_zone_from_place"]),
        ("Denmark", "Europe/Copenhagen", ["time_zone_from_place"]),
        ("(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb", "Europe/Sarajevo", ["time_zone_from_place"]),
        ("GMT+3", "Etc/GMT-3", ["time_zone_from_offset"]),
        ("UTC-05:00", "Etc/GMT+5", ["time_zone_from_offset"]),
        ("GMT+5:45", "Asia/Kathmandu", ["time_zone_from_offset"]),
        ("-3:30", "America/St_Johns", ["time_zone_from_offset"]),
        ("GMT+25", None, ["unknown_time_zone"]),
        ("Mars/Olympus", None, ["unknown_time_zone"]),
    ],
)
def test_time_zone(text, value, said):
    assert result(zones.time_zone(text)) == (value, said)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("English (working); Danish (basic)", {"en": "working", "da": "basic"}, []),
        ("anglais (courant); francuski - tečno", {"en": "fluent", "fr": "fluent"}, []),
        ("العربية (اللغة الأم)", {"ar": "native"}, []),
        ("English C1; Deutsch B2", {"en": "fluent", "de": "working"}, []),
        ("EN/FR", {"en": None, "fr": None}, ["languages_read_as"]),
        ("english,french", {"en": None, "fr": None}, ["languages_read_as"]),
        ("English and French", {"en": None, "fr": None}, ["languages_read_as"]),
        ("English (basic); English (fluent)", {"en": "fluent"}, ["languages_read_as"]),
        ("Danish", {"da": None}, ["language_without_level"]),
        ("Farsi (native)", {"fa": "native"}, []),
        ("English (fluent); BCMS (native)", {"en": "fluent"}, ["language_unclear"]),
        ("Klingon", {}, ["unknown_language"]),
    ],
)
def test_languages(text, value, said):
    read = tongues.languages(text)

    assert ({item["code"]: item["level"] for item in read.value}, result(read)[1]) == (value, said)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("3", 3, []),
        ("3.0", 3, []),
        ("٣", 3, []),
        ("2 mentees", 2, []),
        ("0", 0, ["capacity_zero"]),
        ("two", 2, ["number_in_words"]),
        ("deux", 2, ["number_in_words"]),
        ("2-3", 2, ["number_range"]),
        ("5+", 5, ["number_open"]),
        ("2,5", 2, ["number_rounded"]),
        ("-1", None, ["number_out_of_range"]),
        ("99", None, ["number_out_of_range"]),
        ("1,000", None, ["number_out_of_range"]),
        ("many", None, ["not_a_number"]),
    ],
)
def test_capacity(text, value, said):
    assert result(numbers.capacity(text)) == (value, said)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("12", 12, []),
        ("12 ans", 12, []),
        ("7,5", 7, ["number_rounded"]),
        ("ten", 10, ["number_in_words"]),
        ("-3", None, ["number_out_of_range"]),
    ],
)
def test_experience(text, value, said):
    assert result(numbers.experience(text)) == (value, said)


@pytest.mark.parametrize(
    ("text", "column", "value", "said"),
    [
        ("2026-02-21", ["2026-02-21"], "2026-02-21", []),
        ("2026-02-21 14:03:00", ["2026-02-21 14:03:00"], "2026-02-21", []),
        ("04/07/2026", ["04/07/2026", "13/05/2026"], "2026-07-04", []),
        ("04/07/2026", ["04/07/2026", "05/13/2026"], "2026-04-07", []),
        ("04/07/2026", ["04/07/2026"], "2026-07-04", ["date_two_ways"]),
        ("04/07/2026", ["13/05/2026", "05/13/2026"], "2026-07-04", ["date_two_ways"]),
        ("07/07/2026", ["07/07/2026"], "2026-07-07", []),
        ("04.07.2026", ["04.07.2026"], "2026-07-04", []),
        ("5/13/26", ["21.02.2026", "21.02.2026"], "2026-05-13", ["date_other_form"]),
        ("45123", ["21.02.2026"], "2023-07-16", ["date_from_serial"]),
        ("21 février 2026", ["21 février 2026"], "2026-02-21", []),
        ("Feb 21, 2026", ["Feb 21, 2026"], "2026-02-21", []),
        ("21 فبراير 2026", ["21 فبراير 2026"], "2026-02-21", []),
        ("31.02.2026", ["21.02.2026"], None, ["date_impossible"]),
        ("01.01.0001", ["21.02.2026"], None, ["date_impossible"]),
        ("99999", ["21.02.2026"], None, ["date_impossible"]),
        ("soon", ["21.02.2026"], None, ["not_a_date"]),
    ],
)
def test_date(text, column, value, said):
    assert result(dates.date(text, dates.convention(column))) == (value, said)


def test_date_order_that_the_coordinator_chose_wins():
    shown = dates.convention(["04/07/2026"], chosen="mdy")

    assert result(dates.date("04/07/2026", shown)) == ("2026-04-07", [])


def test_date_two_ways_gives_both_readings():
    finding = dates.date("04/07/2026", dates.convention(["04/07/2026"])).findings[0]

    assert finding.facts == {"read_as": "2026-07-04", "or_else": "2026-04-07"}


def test_topics_keep_their_order_and_are_measured_against_the_programme():
    known = Known(["Leadership", "Work-life balance", "Planning, budgeting and reporting"])

    assert result(lists.topics("work life BALANCE; Leadership; leadership", known)) == (
        ["Work-life balance", "Leadership"],
        [],
    )
    assert result(lists.topics("1. Leadrship\n2. Sailing", known)) == (
        ["Leadership", "Sailing"],
        ["topic_read_as", "unknown_topic"],
    )
    assert result(lists.topics("Planning, budgeting and reporting", known)) == (
        ["Planning, budgeting and reporting"],
        [],
    )
    assert result(lists.topics("Leadership, Sailing | Rowing", Known(None))) == (
        ["Leadership, Sailing", "Rowing"],
        [],
    )


def test_unit_is_the_organisations_own_name_or_refused_with_the_nearest():
    known = Known(["Copenhagen office", "Aarhus office"])
    read = lists.unit("Copenhagn office", known)

    assert result(lists.unit("COPENHAGEN  Office", known)) == ("Copenhagen office", [])
    assert (result(read), read.findings[0].suggestion) == ((None, ["unknown_unit"]), "Copenhagen office")
    assert result(lists.unit("Anything", Known(()))) == ("Anything", [])


def test_exclusions_are_addresses():
    assert result(lists.exclusions("ana@example.org; eva@example.org")) == (
        ["ana@example.org", "eva@example.org"],
        [],
    )
    assert result(lists.exclusions("my husband")) == (None, ["exclusion_unclear"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+45 33 12 34 56", "+4533123456"),
        ("0045 33123456", "+4533123456"),
        ("+44(0)131 4960485", "+441314960485"),
        ("+45 1273", None),
        ("040 123 456", None),
        ("+1", None),
    ],
)
def test_phone_becomes_international_only_where_certain(text, number):
    assert contact.international(text) == number
