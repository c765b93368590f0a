import gzip
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from jinja2 import TemplateNotFound

from infra import language
from tests.web.conftest import contents, view
from web import charts, rendering
from web.rendering import FormState, Toast, fragment, page, wants_fragment

Contents = Callable[..., dict[str, object]]


def test_participant_page_is_one_light_request(components: Contents) -> None:
    html = page("question.html", view(), **contents("en"))
    assert "<script" not in html
    assert '<link rel="stylesheet"' not in html
    assert re.findall(r'(?:src|href)="(?!data:|/|#|tel:)[^"]*"', html) == []
    css = re.search(r"<style nonce=\"[^\"]+\">(.*?)</style>", html, re.DOTALL)[1]
    # This page has every component; one of a journey has a few (the look's own pages: 5 to 7 kB).
    assert len(css) <= 10_500
    assert "@font-face" not in css
    assert len(gzip.compress(html.encode())) <= 14_000


def test_page_carries_only_rules_it_uses(components: Contents) -> None:
    html = page("error.html", view(), heading="H", lede="L")
    assert ".lede{" in html
    assert ".field" not in html
    assert ".thread" not in html
    assert len(html) <= 8_000


def test_nobody_writes_styles_into_the_page(components: Contents) -> None:
    html = page(
        "error.html", view(organisation="</style>/*styles x*/"), heading="</title><b>", lede="{{ 1 }}"
    )
    assert html.count("@layer tokens{") == 1
    assert "&lt;/style&gt;" in html
    assert "<b>" not in re.sub(r'<b lang="en"', "", html)


def test_hue_and_nonce(components: Contents, built: dict[str, str]) -> None:
    for template, extra in (("error.html", {"heading": "H", "lede": "L"}), ("desk.html", contents("en"))):
        html = page(template, view(nonce="n0nce", hue=310), **extra)
        assert ":root{--hue:310}" in html
        assert len(re.findall(r"<(?:style|script)\b(?![^>]*nonce=\"n0nce\")", html)) == 0
        assert "style=" not in html
        assert not re.search(r"\son\w+=", html)


def test_fragment_is_the_part_of_the_page(components: Contents, built: dict[str, str]) -> None:
    facts = contents("en")
    whole = page("desk.html", view(), **facts)
    part = page("desk.html", view(is_fragment=True, toast=Toast("Moved.", "/undo")), **facts)
    title, body, toast = re.fullmatch(
        r"(<title>.*?</title>)(.*)(<div id=\"live\".*)", part, re.DOTALL
    ).groups()
    assert title in whole
    assert body.strip() in whole
    assert 'hx-swap-oob="true"' in toast
    assert "Moved." in toast
    assert "<html" not in part


def test_fragment_without_part_is_a_mistake_one_sees(components: Contents) -> None:
    with pytest.raises(TemplateNotFound):
        page("question.html", view(is_fragment=True), **contents("en"))


def test_fragment_renders_one_piece() -> None:
    assert "Moved." in fragment("_toast.html", view(toast=Toast("Moved.")))


@pytest.mark.parametrize(
    ("headers", "is_part"),
    [
        ({"hx-request": "true", "hx-request-type": "partial"}, True),
        ({"hx-request": "true", "hx-request-type": "full"}, False),
        ({"hx-request": "true", "hx-request-type": "partial", "hx-history-restore-request": "true"}, False),
        ({}, False),
    ],
)
def test_wants_fragment(headers: dict[str, str], is_part: bool) -> None:
    assert wants_fragment(headers) is is_part


def test_htmx_only_where_the_page_works_without(components: Contents, built: dict[str, str]) -> None:
    html = page("desk.html", view(), **contents("en"))
    for tag in re.findall(r"<[^>]*\shx-(?:get|post)=[^>]*>", html):
        assert re.match(r"<(a|button|form)\b", tag), tag
        address = re.search(r'hx-(?:get|post)="([^"]*)"', tag)[1]
        assert re.search(rf'(?:href|action)="{re.escape(address)}"', tag), tag


def test_every_post_carries_the_token(components: Contents, built: dict[str, str]) -> None:
    for template in ("desk.html", "question.html"):
        html = page(template, view(csrf="t0ken"), **contents("en"))
        forms = re.findall(r'<form[^>]*method="post".*?</form>', html, re.DOTALL)
        assert len(forms) == html.count('method="post"')
        assert all('name="csrf" value="t0ken"' in form for form in forms)


def test_languages_are_offered_in_their_own_names(components: Contents) -> None:
    html = page("error.html", view(path="/apply/3", query="code=KORA&lang=fr"), heading="H", lede="L")
    bar = re.search(r'<nav class="langs".*?</nav>', html, re.DOTALL)[0]
    assert re.findall(r'lang="(\w+)"', re.sub("hreflang", "to", bar)) == list(language.installed())
    assert 'href="/apply/3?code=KORA&amp;lang=ar" lang="ar" hreflang="ar"' in bar
    assert '<b lang="en" aria-current="true">English</b>' in bar


def test_constant_numbers_speak_the_readers_language() -> None:
    template = rendering.ENVIRONMENT.from_string("{{ 17|number }}")
    with rendering._seen(view("en")):
        assert template.render() == "17"
    with rendering._seen(view("ar")):
        assert template.render() == "١٧"


def test_form_state_knows_several_answers() -> None:
    class Read(dict[str, str]):
        def texts(self, name: str) -> list[str]:
            return ["a", "b"] if name == "t" else []

    assert FormState({"t": ["a"]}).has("t", "a")
    assert not FormState({"t": ["ab"]}).has("t", "a")
    assert FormState({"n": 3}).has("n", "3")
    assert not FormState({"n": "35"}).has("n", "3")
    assert FormState(Read(t="a")).has("t", "b")


def test_view_address() -> None:
    seen = view(path="/c/people", query="role=mentor&page=2")
    assert seen.with_query(page=None) == "/c/people?role=mentor"
    assert seen.with_query(page=3, q="ž") == "/c/people?role=mentor&page=3&q=%C5%BE"
    assert seen.is_at("/c/people")
    assert not view(path="/c/peoples").is_at("/c/people")
    assert view(path="/c/register").is_at("/c/people")
    assert view(path="/c/proposals/1").is_at("/c/matching")


def test_every_chart_has_its_numbers_in_a_table(components: Contents, built: dict[str, str]) -> None:
    html = page("desk.html", view(), **contents("en"))
    figures = re.findall(r'<figure class="fig">.*?</figure>', html, re.DOTALL)
    assert len(figures) == 5
    for figure in figures:
        drawn = set(
            re.findall(
                r">(?:[a-z]+ |−)?(\d[\d,.]*)",
                re.search(r"<svg.*?</svg>", figure, re.DOTALL)[0].split("</title>")[1],
            )
        )
        table = set(re.findall(r"<td class=\"num\">−?([\d,.]+)<", figure))
        scale = {"0", "60", "70", "80", "90", "100", "78.4"}
        assert drawn - scale <= table, figure[:120]
        assert (
            re.search(r"<h2 class=\"s\">([^<]+)</h2>", figure)[1]
            in re.search(r"<title[^>]*>(.*?)</title>", figure)[1]
        )


def test_contributions_add_up() -> None:
    parts = charts.contributions([{"label": str(p), "points": p} for p in (7, 30, 12, 9, 20)], total=100)
    assert [part.y for part in parts] == [30, 20, 12, 16]
    assert all(
        left.start + left.room == pytest.approx(right.start, abs=0.11) for left, right in pairwise(parts)
    )


def test_charts_of_nothing() -> None:
    assert charts.bars([], room=10) == []
    assert charts.share(3, 0, 100) == 0
    assert charts.ends([]) == (0, 100)
    assert charts.bars([{"value": 0}], room=10)[0].length == 0
    assert charts.days([{"count": 0}])[0].length == 1


def test_tall_stack_of_dots_stays_within_its_chart() -> None:
    strip = charts.dots([{"value": 50}] * 200, low=40, high=60, width=640)

    assert min(dot.y - strip.radius for dot in strip.dots) >= 20
    assert max(dot.y + strip.radius for dot in strip.dots) <= strip.base


def test_equal_scores_stand_on_each_other() -> None:
    dots = charts.dots([{"value": 84}, {"value": 84}, {"value": 70}], low=60, high=100, width=640).dots
    assert (dots[0].x, dots[0].y - 16) == (dots[1].x, dots[1].y)
    assert dots[2].y == dots[0].y
