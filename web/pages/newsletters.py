"""Newsletters on a coordinator's desk: written language by language, looked at as their readers see them, sent once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, ids, language
from infra.errors import Conflict, Invalid, WrongState
from infra.http import paging
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import isolated, language_name
from tenants.actor import ForWholeOrganisation
from tenants.newsletters import actions, queries, rules
from tenants.newsletters.models import Issue, IssueState
from tenants.newsletters.rules import Section, Words
from tenants.newsletters.words import STATES
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import ProgrammeState
from tenants.registration.telling import shown_in
from web import posting, query
from web.door import Door, Page
from web.forms import refused, sentence
from web.refusals import said
from web.rendering import FormState

PATH = "/c/newsletters"
ONE = PATH + "/{newsletter_id:uuid}"
AT_ONCE = 50
TAGS = {IssueState.DRAFT: "", IssueState.HELD: "wait", IssueState.SENT: "done"}


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    rows = await queries.listed(
        door.session,
        door.actor,
        after=query.after(door.request, tuple[datetime, UUID]),
        limit=AT_ONCE + 1,
    )
    page = rows[:AT_ONCE]
    listed = [
        one
        for one in await programmes.programmes(door.session, door.actor)
        if one.state != ProgrammeState.DRAFT
    ]
    presses = await queries.presses(door.session, [one.id for one in listed])
    return door.page(
        "newsletters/list.html",
        rows=[(one, _subject(door, one), *_state(one)) for one in page],
        next=door.view.with_query(after=paging.encode((page[-1].created_at, page[-1].id)))
        if len(rows) > AT_ONCE
        else "",
        pages=[(one, isolated(shown_in(one, one.name)), presses[one.id]) for one in listed],
        may_name=door.actor.keeps(None),
        most=rules.MAX_PRESS,
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
    )


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.NEWSLETTERS_SEND)
    return await _form(door, None, FormState())


@post(PATH)
async def begin(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        made = await actions.begin(
            door.session,
            door.actor,
            texts={_spoken(door, filled.text("in")): _words(filled)},
            programme_ids=posting.ids_of(filled, "programmes"),
            is_public=filled.text("is_public") == "yes",
            once=posting.once(filled),
        )
    except Invalid as error:
        return await _form(door, None, refused(filled, error), status=422)
    return door.go(f"{PATH}/{made.id}", said=_("The draft is saved. It goes to nobody yet."))


@get(ONE)
async def look(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    one = await queries.access(door.session, door.actor, newsletter_id)
    chosen = await queries.programmes_of(door.session, one.id)
    wanted = query.one_of(door.request, "in", list(one.texts))
    spoken = wanted or rules.spoken(one.texts, door.language, door.organisation.languages)
    is_draft = one.state == IssueState.DRAFT
    is_hers = door.actor.keeps(one.written_by)
    audience = (
        await queries.audience(door.session, door.actor, [p.id for p in chosen], one.id)
        if is_draft and is_hers
        else None
    )
    context: dict[str, Any] = {
        "one": one,
        "words": rules.read(one.texts, spoken),
        "spoken": spoken,
        "direction": language.direction(spoken),
        "languages": [(code, language_name(code)) for code in one.texts],
        "missing": [language_name(code) for code in door.organisation.languages if code not in one.texts],
        "programmes": [(p.slug, isolated(shown_in(p, p.name))) for p in chosen],
        "state": _state(one),
        "is_draft": is_draft,
        "is_hers": is_hers,
        "is_held": one.state == IssueState.HELD and one.due_at is not None and one.due_at > clock.now(),
        "audience": audience,
        "by_language": [(language_name(code), n) for code, n in audience.languages.items()]
        if audience
        else [],
        "hint_at": rules.CONCISE if is_draft else 0,
        "zone": door.actor.time_zone,
        "today": clock.today(door.actor.time_zone),
    }
    return door.page("newsletters/one.html", **context)


@get(ONE + "/edit")
async def edit(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    one = await queries.access(door.session, door.actor, newsletter_id)
    door.actor.require_keeper(one.written_by)
    return await _form(door, one, FormState())


@post(ONE)
async def save(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    one = await queries.access(door.session, door.actor, newsletter_id)
    spoken = _spoken(door, filled.text("in"))
    here = f"{PATH}/{newsletter_id}"
    try:
        await actions.write(
            door.session,
            door.actor,
            newsletter_id,
            texts={spoken: _words(filled)},
            programme_ids=posting.ids_of(filled, "programmes"),
            is_public=filled.text("is_public") == "yes",
            seen=_version(filled),
        )
    except Invalid as error:
        return await _form(door, one, refused(filled, error), status=422)
    except Conflict as error:  # what she typed stays before her
        return await _form(door, one, FormState(filled, {"subject": said(error)}), status=409)
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(f"{here}?in={spoken}", said=_("The draft is saved. It goes to nobody yet."))


@post(ONE + "/send")
async def send(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"{PATH}/{newsletter_id}"
    try:
        await actions.send(door.session, door.actor, newsletter_id, seen=_version(filled))
    except (Conflict, WrongState) as error:
        return door.go(here, said=said(error))
    return door.go(
        here,
        said=_("It goes in ten minutes."),
        undo=f"{here}/undo",
        left=language.ngettext("One minute left", "%(num)s minutes left", 10),
    )


@post(ONE + "/undo")
async def undo(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    here = f"{PATH}/{newsletter_id}"
    try:
        await actions.take_back(door.session, door.actor, newsletter_id)
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("It is a draft again, and goes to nobody."))


@post(ONE + "/shown")
async def shown(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    is_public = filled.text("is_public") == "yes"
    await actions.show(door.session, door.actor, newsletter_id, is_public=is_public)
    words = _("It stands on the public page.") if is_public else _("It is taken from the public page.")
    return door.go(f"{PATH}/{newsletter_id}", said=words)


@post(ONE + "/delete")
async def throw_away(door: NamedDependency[Door], newsletter_id: FromPath[UUID]) -> Page:
    try:
        await actions.throw_away(door.session, door.actor, newsletter_id)
    except WrongState as error:
        return door.go(f"{PATH}/{newsletter_id}", said=said(error))
    return door.go(PATH, said=_("The draft is deleted."))


@post(PATH + "/press/{programme_id:uuid}")
async def press(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.set_press(door.session, door.actor, programme_id, filled.text("press"))
    except ForWholeOrganisation as error:
        return door.go(PATH, said=said(error))
    except Invalid as error:
        return door.go(PATH, said=sentence(error.problems[0]))
    return door.go(PATH, said=_("Saved."))


async def _form(door: Door, one: Issue | None, form: FormState, *, status: int = 200) -> Page:
    if one is not None and one.state != IssueState.DRAFT:
        return door.go(f"{PATH}/{one.id}", said=said(rules.IssueSent(state=one.state)))
    spoken = _spoken(door, str(form.value("in") or query.text(door.request, "in")))
    words = rules.read(one.texts, spoken) if one else Words("", ())
    kept = [str(p.id) for p in await queries.programmes_of(door.session, one.id)] if one else []
    listed = [
        p for p in await programmes.programmes(door.session, door.actor) if p.state != ProgrammeState.DRAFT
    ]
    if not one and len(listed) == 1:
        kept = [str(listed[0].id)]
    number = min(rules.MAX_SECTIONS, max(len(words.sections) + 1, 2, _sections_sent(form)))
    context: dict[str, Any] = {
        "one": one,
        "form": form,
        "spoken": spoken,
        "languages": [(code, language_name(code)) for code in door.organisation.languages],
        "subject": words.subject,
        "sections": [
            words.sections[at] if at < len(words.sections) else Section("", "") for at in range(number)
        ],
        "offered": [(str(p.id), shown_in(p, p.name)) for p in listed],
        "kept": form.values.texts("programmes") if isinstance(form.values, Form) else kept,
        "is_public": form.value("is_public") == "yes" if form.values else bool(one and one.is_public),
        "once": form.value("once") or ids.new(),
        "limits": rules,
    }
    return door.page("newsletters/edit.html", status=status, **context)


def _sections_sent(form: FormState) -> int:
    return sum(name.startswith("heading_") for name in form.values)


def _words(filled: Form) -> Words:
    return Words(
        filled.text("subject"),
        tuple(
            Section(filled.text(f"heading_{at}"), filled.text(f"text_{at}"), filled.text(f"url_{at}"))
            for at in range(rules.MAX_SECTIONS)
        ),
    )


def _spoken(door: Door, code: str) -> str:
    return code if code in door.organisation.languages else door.organisation.default_language


def _subject(door: Door, one: Issue) -> str:
    spoken = rules.spoken(one.texts, door.language, door.organisation.languages)
    return isolated(rules.read(one.texts, spoken).subject)


def _state(one: Issue) -> tuple[str, str]:
    state = IssueState(one.state)
    return _(STATES[state]), TAGS[state]


def _version(filled: Form) -> int:
    text = filled.text("version")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


ROUTES = [show, new, begin, look, edit, save, send, undo, shown, throw_away, press]
