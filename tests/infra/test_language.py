from datetime import UTC, date, datetime

import pytest
from jinja2 import Environment, select_autoescape

from infra import language as lang
from infra.language import N_, NN_, gettext, lazy, ngettext, use

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,en;q=0.5", "fr"),
        ("de, ar;q=0.3, fr;q=0.8", "fr"),
        ("en;q=0.2, ar", "ar"),
        ("sr, nl", "en"),
        ("*", "en"),
        ("en;q=0, *", "ar"),
        ("fr;q=0, ar;q=0.1", "ar"),
        ("FR_fr", "fr"),
        ("fr;q=much, ar", "ar"),
        (",;;=,", "en"),
        ("x" * 100_000, "en"),
    ],
)
def test_negotiate(header: str | None, expected: str) -> None:
    assert lang.negotiate(header, ("ar", "en", "fr")) == expected


def test_negotiate_without_the_source_language_falls_back_to_the_first() -> None:
    assert lang.negotiate("de", ("fr", "ar")) == "fr"


def test_languages_stand_in_the_order_of_the_united_nations_and_others_after_them() -> None:
    assert [item.native for item in lang.SUPPORTED.values()] == [
        "العربية", "中文", "English", "Français", "Русский", "Español", "Dansk",
    ]  # fmt: skip
    assert set(lang.installed()) >= {"ar", "en", "fr", "da"}
    assert [code for code in lang.SUPPORTED if code in lang.installed()] == list(lang.installed())


@pytest.mark.parametrize(
    ("code", "expected"), [("ar", "rtl"), ("fr", "ltr"), ("fa", "rtl"), ("he-IL", "rtl"), ("sw", "ltr")]
)
def test_direction(code: str, expected: str) -> None:
    assert lang.direction(code) == expected


def test_use_ends_with_its_block_and_refuses_what_is_not_installed() -> None:
    with use("fr"):
        assert gettext("tomorrow") == "demain"
        with use("ar"):
            assert gettext("tomorrow") == "غدًا"
        assert lang.current() == "fr"
    assert gettext("tomorrow") == "tomorrow"
    with pytest.raises(ValueError, match="'xx'"):
        use("xx")


def test_lazy_text_speaks_when_it_is_shown() -> None:
    text = lazy("today")
    assert str(text) == "today"
    with use("fr"):
        assert f"{text}" == "aujourd’hui"


def test_markers_give_back_what_they_mark() -> None:
    assert N_("today") == "today"
    assert NN_("a", "b") == ("a", "b")


def test_numbers_in_sentences_take_the_digits_of_the_language() -> None:
    assert gettext("%(time)s in %(city)s", time=1234, city="Nairobi") == "1,234 in Nairobi"
    with use("ar"):
        assert "١٬٢٣٤" in gettext("%(time)s in %(city)s", time=1234, city="x")
    assert ngettext("%(num)s thing", "%(num)s things", 1200) == "1,200 things"
    assert ngettext("%(num)d thing", "%(num)d things", 1) == "1 thing"


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("en", -1234.5, "−1,234.5"),
        ("fr", -1234.5, "−1\u202f234,5"),
        ("ar", 1234.5, "١٬٢٣٤٫٥"),
        ("da", -1234.5, "−1.234,5"),
        ("en", 3, "3"),
    ],
)
def test_number(code: str, value: float, expected: str) -> None:
    assert lang.number(value, code) == expected


def test_number_with_places_signs_and_percents() -> None:
    assert lang.number(2, "en", places=2) == "2.00"
    assert lang.signed(7, "en") == "+7"
    assert lang.signed(-7, "en") == "−7"
    assert lang.signed(0, "en") == "0"
    assert lang.percent(0.345, "en", places=1) == "34.5%"
    assert lang.percent(-0.34, "fr") == "−34\xa0%"
    assert "٣٤" in lang.percent(0.34, "ar")
    assert lang.percent(0.345, "da", places=1) == "34,5\xa0%"


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("en", date(2026, 11, 21), "today"),
        ("en", date(2026, 11, 22), "tomorrow"),
        ("en", date(2026, 11, 20), "yesterday"),
        ("fr", date(2026, 11, 22), "demain"),
        ("en", date(2026, 11, 26), "Thursday 26 November"),
        ("fr", date(2026, 12, 1), "mardi 1er décembre"),
        ("ar", date(2026, 12, 2), "الأربعاء، ٢ ديسمبر"),
        ("en", date(2026, 12, 5), "Saturday 5 December"),
        ("en", date(2026, 12, 6), "6 December"),
        ("en", date(2027, 1, 23), "23 January"),
        ("en", date(2027, 12, 7), "7 December 2027"),
        ("fr", date(2027, 12, 1), "1er décembre 2027"),
        ("ar", date(2027, 12, 7), "٧ ديسمبر ٢٠٢٧"),
        ("da", date(2026, 11, 22), "i morgen"),
        ("da", date(2026, 12, 1), "tirsdag den 1. december"),
        ("da", date(2027, 1, 23), "23. januar"),
        ("da", date(2027, 12, 7), "7. december 2027"),
    ],
)
def test_day_words(code: str, value: date, expected: str) -> None:
    assert lang.day_words(value, SATURDAY, code) == expected


def test_day_words_after_a_preposition_name_the_day() -> None:
    assert lang.day_words(SATURDAY, SATURDAY, "en", relative=False) == "Saturday 21 November"


@pytest.mark.parametrize("code", lang.SUPPORTED)
def test_every_supported_language_writes_every_form(code: str) -> None:
    moment = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
    forms = (lang.day, lang.day_short, lang.day_weekday, lang.weekday, lang.month)
    assert all(form(moment.date(), code) for form in forms)
    assert lang.time(moment, "Africa/Nairobi", code) in {"18:30", "١٨:٣٠"}


def test_moments_say_their_place() -> None:
    moment = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
    assert (
        lang.moment_words(moment, "Africa/Nairobi", SATURDAY, "en") == "Tuesday 1 December, 18:30 in Nairobi"
    )
    assert (
        lang.moment_words(moment, "Europe/Sarajevo", SATURDAY, "fr") == "mardi 1er décembre, 16:30 (Sarajevo)"
    )
    assert (
        lang.moment_words(moment, "Europe/Copenhagen", SATURDAY, "da")
        == "tirsdag den 1. december kl.\xa016:30 i København"
    )
    assert lang.time_zoned(moment, "Africa/Nairobi", "ar") == "١٨:٣٠ بتوقيت نيروبي"


def test_lists_and_names() -> None:
    assert lang.listed(["a", "b", "c"], "en") == "a, b and c"
    assert lang.listed(["a", "b", "c"], "fr") == "a, b et c"
    assert lang.listed(["a", "b", "c"], "da") == "a, b og c"
    assert lang.listed(["a", "b"], "en", style="or") == "a or b"
    assert lang.language_name("sw", "fr") == "swahili"
    assert lang.language_name("xyz1", "fr") == "xyz1"
    assert lang.country_name("ke", "ar") == "كينيا"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("en", "Njeri Mwangi", "Njeri Mwangi"),
        ("en", "سلمى", "\u2068سلمى\u2069"),
        ("ar", "سلمى", "سلمى"),
        ("ar", "Njeri", "\u2068Njeri\u2069"),
        ("ar", "+254 20 555 0182", "\u2068+254 20 555 0182\u2069"),
        ("en", "An\u202ena\u2069", "Anna"),
    ],
)
def test_isolated_only_where_the_direction_differs(code: str, text: str, expected: str) -> None:
    assert lang.isolated(text, code) == expected


def test_templates_speak_escape_and_count() -> None:
    environment = Environment(autoescape=select_autoescape(default=True))
    lang.install(environment)
    template = environment.from_string(
        '{{ _("%(time)s in %(city)s", time=n, city=where) }}|{% trans count=n %}{{ count }} day'
        "{% pluralize %}{{ count }} days{% endtrans %}|{{ n|number }}|{{ language() }} {{ direction() }}"
    )
    assert template.render(n=1200, where="<Kyiv>") == "1,200 in &lt;Kyiv&gt;|1,200 days|1,200|en ltr"
    with use("ar"):
        assert template.render(n=3, where="x").endswith("|٣|ar rtl")
