"""
Making pages: one `View` says who reads, in which language and on which path; templates do the rest.

    page("people/list.html", view, people=rows)

gives the whole page, or, when htmx asks for it, only `people/_list.html`, which
the page itself includes. Nothing here knows the web framework.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from infra import language
from infra.language import Language
from infra.language.templates import FILTERS
from web import assets, charts, sheet

TEMPLATES = Path(__file__).parent / "templates"
# Pages that stand beside their section's address and yet belong to it.
BELONGS = {
    "/c/proposals": "/c/matching",
    "/c/groups": "/c/matching",
    "/c/evaluations": "/c/pairs",
    "/c/figures": "/c/pairs",
    "/c/register": "/c/people",
    "/c/templates": "/c/outbox",
    "/c/workshops": "/c/calendar",
    "/c/networks": "/c/opportunities",
    "/c/newsletters": "/c/opportunities",
}
SECTIONS = ("today", "pipeline", "people", "matching", "pairs", "outbox", "import", "admin")


SHEETS = {"participant": assets.participant_rules, "staff": assets.staff_rules}


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a participant can ask: her coordinator, or the organisation's address for help."""

    name: str
    phone: str = ""
    href: str = ""
    is_coordinator: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """Support in the place of whoever the page is for: who, and until when."""

    operator: str
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Toast:
    """What just happened, and how to take it back: `undo` is the address that a form posts to."""

    text: str
    undo: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class FormState:
    """
    What somebody sent, and what is wrong with it, by field name, in her language.

    The same form is shown again with both; an empty one is the first visit. `values`
    may be what `infra.http.forms` read, whose `texts` knows every answer to one name.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, default: Any = "") -> Any:
        found = self.values.get(name)
        return default if found is None else found

    def has(self, name: str, option: Any) -> bool:
        """Whether the option was chosen, of one answer or of several."""
        several = getattr(self.values, "texts", None)
        found = several(name) if several else self.value(name)
        chosen = [found] if isinstance(found, str) or not isinstance(found, Iterable) else found
        return str(option) in [str(one) for one in chosen]


@dataclass(frozen=True, slots=True)
class View:
    """
    The facts that every page stands on.

    `nonce` and `csrf` belong to this request and this session. `person`, `role`, `programme`,
    `cycle`, `sections` and `counts` fill the side bar of the coordinator's pages; `contact` and
    `concern` the foot of the participant's. `hue` is the organisation's colour (OKLCH degrees).
    `has_sheet` is whether the browser already keeps the sheet of the coordinator's pages, `is_known`
    whether we know whose address was asked for.
    """

    language: str
    organisation: str
    nonce: str
    csrf: str
    path: str = "/"
    query: str = ""
    languages: tuple[str, ...] = ()
    is_fragment: bool = False
    hue: int | None = None
    person: str = ""
    role: str = ""
    programme: str = ""
    cycle: str = ""
    sections: tuple[str, ...] = SECTIONS
    counts: Mapping[str, int] = field(default_factory=dict)
    has_shortcuts: bool = True
    has_sheet: bool = True
    is_known: bool = True
    contact: Contact | None = None
    concern: str = "/me/concern"
    toast: Toast | None = None
    support: Visit | None = None

    @property
    def direction(self) -> str:
        return language.direction(self.language)

    @property
    def offered(self) -> list[Language]:
        """The languages of the bar, in its fixed order."""
        codes = self.languages or language.installed()
        return [language.language(code) for code in language.installed() if code in codes]

    def with_query(self, **changed: Any) -> str:
        """This address with some parts of its query replaced, or left out where the value is None."""
        parts = [(name, value) for name, value in parse_qsl(self.query) if name not in changed]
        parts += [(name, str(value)) for name, value in changed.items() if value is not None]
        return f"{self.path}?{urlencode(parts)}" if parts else self.path

    def is_at(self, address: str) -> bool:
        """Whether this page is the address or lies below it, or belongs there from elsewhere."""
        if BELONGS.get("/".join(self.path.split("/")[:3])) == address:
            return True
        return self.path == address or self.path.startswith(f"{address}/")


def sheet_name() -> str:
    """The name of the coordinator's sheet in this build, which holds the digest of its content."""
    return assets.url("site.css").removeprefix(assets.PREFIX)


def brings_sheet(html: str) -> bool:
    return assets.url("site.css") in html


def wants_fragment(headers: Mapping[str, str]) -> bool:
    """Whether htmx asked for a part; going back in the history always wants a page. Answers vary by these headers."""
    return headers.get("hx-request-type") == "partial" and "hx-history-restore-request" not in headers


_view: ContextVar[View] = ContextVar("view")


@contextmanager
def _seen(view: View) -> Iterator[None]:
    token = _view.set(view)
    try:
        with language.use(view.language):
            yield
    finally:
        _view.reset(token)


def _csrf() -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(_view.get().csrf)


def _styles_mark(sheet: str = "participant") -> Markup:
    """Stands where the styles go; nobody can write it into a page, since it holds the nonce."""
    return Markup("/*{} {}*/").format(sheet, _view.get().nonce)


def _person(name: str) -> Markup:
    """A name, or anything else that people write, in a sentence of whichever direction."""
    # Some hundred times a page, and `format` would take four times as long.
    return Markup(f"<bdi>{escape(name)}</bdi>")  # noqa: S704  what is not ours is escaped


def _list_of(row: Mapping[str, Any], *names: str) -> list[Any]:
    """Some values of a row in order, for the table below a chart."""
    return [row.get(name, "") for name in names]


def _native(code: str) -> str:
    return language.language(code).native


def _at_each_rendering(words: Callable[..., str]) -> Callable[..., str]:
    """
    The filter, never applied while a template is compiled.

    Jinja works out `{{ 0|number }}` once, in whatever language is spoken at that
    moment; a filter that takes the context has to wait for one.
    """

    @pass_context
    def waiting(_: Context, *facts: Any, **more: Any) -> str:
        return words(*facts, **more)

    return waiting


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    language.install(made)
    made.globals.update(
        asset=assets.url, charts=charts, csrf=_csrf, favicon=assets.favicon, styles=_styles_mark
    )
    for name in FILTERS:
        made.filters[name] = _at_each_rendering(made.filters[name])
    made.filters.update(person=_person, initials=language.initials, list_of=_list_of, native=_native)
    return made


ENVIRONMENT = _environment()


def _part_of(template: str) -> str:
    folder, _, name = template.rpartition("/")
    return f"{folder}/_{name}" if folder else f"_{name}"


def page(template: str, view: View, **context: Any) -> str:
    """
    A page, or for a fragment its part, its title and the message of the moment.

    Participant and signed-out pages get the rules they use written into them, and so
    does the first page of a coordinator, whose sheet comes after what she reads.
    """
    if view.is_fragment:
        return _part(template, view, context)
    with _seen(view):
        html = ENVIRONMENT.get_template(template).render(view=view, **context)
        for name, rules in SHEETS.items():
            mark = str(_styles_mark(name))
            if mark in html:
                html = html.replace(mark, sheet.used(rules(), sheet.names(html)), 1)
    return html


def _part(template: str, view: View, context: dict[str, Any]) -> str:
    whole = ENVIRONMENT.get_template(template)
    with _seen(view):
        made = whole.new_context({"view": view, **context})
        title = "".join(whole.blocks["title"](made)) if "title" in whole.blocks else ""
        part = ENVIRONMENT.get_template(_part_of(template)).render(view=view, **context)
        toast = ENVIRONMENT.get_template("_toast.html").render(view=view, is_aside=True)
        if view.counts:  # what was done changes the numbers beside the sections
            toast += ENVIRONMENT.get_template("_nav.html").render(view=view, is_aside=True)
    return f"<title>{title} – {escape(view.organisation)}</title>{part}{toast}"


def fragment(template: str, view: View, **context: Any) -> str:
    """One named piece, such as a row or the state of a run, for htmx and event streams."""
    with _seen(view):
        return ENVIRONMENT.get_template(template).render(view=view, **context)
