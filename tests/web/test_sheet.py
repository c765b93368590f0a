"""The sheets: tightened without change of meaning, picked without loss, free of physical directions."""

import re

import pytest

from web import assets, sheet

CSS = assets.STATIC / "css"
# Properties of one physical side, and values that name one.
PHYSICAL = re.compile(
    r"(?:^|[\s;{])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
    r"|(?:left|right|top|bottom|width|height|min-width|min-height|max-height)\s*:"
    r"|float\s*:|(?:text-align|clear)\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)"
)
FOUR_SIDES = re.compile(r"(?:padding|margin|inset)\s*:([^;}]+)")


def files() -> list[str]:
    return sorted(str(file.relative_to(CSS)) for file in CSS.rglob("*.css"))


@pytest.mark.parametrize("name", files())
def test_no_physical_direction(name: str) -> None:
    text = re.sub(r"/\*.*?\*/|@media[^{]*|@container[^{]*", "", (CSS / name).read_text(), flags=re.DOTALL)
    assert PHYSICAL.findall(text) == []
    for value in FOUR_SIDES.findall(text):
        sides = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", value)).split()
        assert len(sides) < 4 or sides[1] == sides[3], f"{name}: {value}"


@pytest.mark.parametrize("name", files())
def test_colours_come_from_tokens(name: str) -> None:
    if name not in ("tokens.css", "print.css"):
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b", (CSS / name).read_text()) == []


def test_every_file_stands_in_the_table_of_contents() -> None:
    named = {
        m["file"]
        for toc in ("site.css", "participant.css")
        for m in sheet.IMPORT.finditer((CSS / toc).read_text())
    }
    assert named | {"site.css", "participant.css"} == set(files())


@pytest.mark.parametrize(
    ("given", "tight"),
    [
        ("a :hover { color : red ; }", "a :hover{color :red}"),
        ("a { inline-size: calc(1px + 2px) /* why */; }", "a{inline-size:calc(1px + 2px)}"),
        ('a::before { content: "  /* kept */  " }', 'a::before{content:"  /* kept */  "}'),
        (
            "@media (min-width: 62rem) and (hover) { a > b, c {} }",
            "@media (min-width:62rem) and (hover){a>b,c{}}",
        ),
        ("a { background: url( x y.png ) }", "a{background:url( x y.png )}"),
        (".a .b:not(.c) + .d { margin: 0 -1px }", ".a .b:not(.c) + .d{margin:0 -1px}"),
    ],
)
def test_minify(given: str, tight: str) -> None:
    assert sheet.minify(given) == tight
    assert sheet.minify(tight) == tight


RULES = sheet.parse(
    ".a{x:1}.a .b,.c{x:2}p{x:3}p.a:has(.z)>i{x:4}@media print{.d{x:5}.a{x:6}}*{x:7}.e :is(.f,.g){x:8}"
)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<b class="a">', ".a{x:1}@media print{.a{x:6}}*{x:7}"),
        ('<b class="b c">', ".a .b,.c{x:2}*{x:7}"),
        ('<p class="a"><i>', ".a{x:1}p{x:3}p.a:has(.z)>i{x:4}@media print{.a{x:6}}*{x:7}"),
        ('<b class="d">', "@media print{.d{x:5}}*{x:7}"),
        ('<b class="e">', "*{x:7}.e :is(.f,.g){x:8}"),
    ],
)
def test_used_keeps_what_may_apply(html: str, kept: str) -> None:
    assert sheet.used(RULES, sheet.names(html)) == kept


def test_blocks_of_one_head_are_one_where_nothing_stands_between() -> None:
    rules = sheet.parse("@layer a{p{x:1}}@layer a{p{x:2}}@layer b{p{x:3}}@layer a{p{x:4}}")
    assert sheet.used(rules, frozenset({"p"})) == "@layer a{p{x:1}p{x:2}}@layer b{p{x:3}}@layer a{p{x:4}}"


def test_values_that_nothing_asks_for_are_left_out() -> None:
    rules = sheet.parse(":root{--a:1px;--b:var(--a);--c:2px;--d:var(--e);--e:3px}.x{margin:var(--b)}")
    assert sheet.used(rules, frozenset({".x"})) == ":root{--a:1px;--b:var(--a);}.x{margin:var(--b)}"
    assert sheet.used(rules, frozenset()) == ":root{}"
    drawn = sheet.names('<svg><circle fill="var(--a)"/></svg>')
    assert sheet.used(rules, drawn) == ":root{--a:1px;}"
