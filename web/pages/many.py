"""One thing done to many who were ticked: looked at first, then done, then taken back for ten minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, ids, language
from infra.errors import Invalid, NotFound, Problem, WrongState
from infra.http.forms import Form
from infra.language import NN_, ngettext
from infra.language import gettext as _
from tenants.reports.deeds import caseloads, changing, handing_over, planning, telling, undoing
from tenants.reports.deeds.keeping import Done, done_before
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.rules import Choice, Of, Row, by_language, going
from tenants.reports.deeds.telling import Words
from web import tasks
from web.door import Door, Page
from web.forms import refused, within
from web.pages.pipeline import read_ids
from web.refusals import said
from web.rendering import FormState

PATH = "/c/many"
HOME = "/c/today"
MOST_UNDO = 200  # signs of the way back

# What each does: what the page asks, what the button says, and what has happened.
ASKS: Mapping[str, tuple[str, str]] = {
    DeedKind.REMIND: NN_("Remind one person?", "Remind %(num)s people?"),
    DeedKind.WRITE: NN_("Write to one person", "Write to %(num)s people"),
    DeedKind.MOVE: NN_("Put one thing off", "Put %(num)s things off"),
    DeedKind.TICK: NN_("Is one thing done?", "Are %(num)s things done?"),
    DeedKind.HAND_OVER: NN_("Hand one thing over", "Hand %(num)s things over"),
}
BUTTONS: Mapping[str, tuple[str, str]] = {
    DeedKind.REMIND: NN_("Remind one person", "Remind %(num)s people"),
    DeedKind.WRITE: NN_("Send one letter", "Send %(num)s letters"),
    DeedKind.MOVE: NN_("Put one off", "Put %(num)s off"),
    DeedKind.TICK: NN_("One is done", "%(num)s are done"),
    DeedKind.HAND_OVER: NN_("Hand one over", "Hand %(num)s over"),
}
DONE: Mapping[str, tuple[str, str]] = {
    DeedKind.REMIND: NN_("One person is reminded in ten minutes.", "%(num)s people are reminded in ten minutes."),
    DeedKind.WRITE: NN_("One letter goes in ten minutes.", "%(num)s letters go in ten minutes."),
    DeedKind.MOVE: NN_("One thing is put off.", "%(num)s things are put off."),
    DeedKind.TICK: NN_("One thing is done.", "%(num)s things are done."),
    DeedKind.HAND_OVER: NN_("One thing is handed over.", "%(num)s things are handed over."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form of this page says: the deed, whom it is for, and where to go afterwards."""

    do: DeedKind
    choice: Choice
    back: str
    filled: Form

    @property
    def on(self) -> date:
        """
        Raises:
            Invalid: no day.
        """
        text = self.filled.text("on")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Invalid(Problem("on", "bad_format" if text else "missing")) from None

    @property
    def to(self) -> list[UUID]:
        return read_ids(self.filled.texts("to"))

    def texts(self) -> dict[str, Words]:
        """The letter in each language that the form had a place for."""
        codes = [name.removeprefix("text_") for name in self.filled if name.startswith("text_")]
        return {
            code: Words(self.filled.text(f"subject_{code}"), self.filled.text(f"text_{code}"))
            for code in codes
            if code in language.installed()
        }


@post(PATH)
async def look(door: NamedDependency[Door]) -> Page:
    asked = _asked(await door.form())
    if not asked.choice.ids:
        return door.go(asked.back, said=_("Tick first whom or what you mean."))
    try:
        rows = await _rehearse(door, asked)
    except Invalid as error:
        return await _page(door, asked, [], refused(asked.filled, error), status=422)
    return await _page(door, asked, rows, FormState(asked.filled))


@post(PATH + "/do")
async def do(door: NamedDependency[Door]) -> Page:
    asked = _asked(await door.form())
    if (before := await done_before(door.session, door.actor, asked.choice.once)) is not None:
        return told(door, asked.do, Done(before, []), asked.back)
    try:
        done = await _do(door, asked)
    except Invalid as error:
        rows = await _rehearse(door, asked, is_unfinished=True)
        return await _page(door, asked, rows, refused(asked.filled, error), status=422)
    except WrongState as error:
        return door.go(asked.back, said=said(error))
    return told(door, asked.do, done, asked.back)


@post(PATH + "/{deed_id:uuid}/undo")
async def undo(door: NamedDependency[Door], deed_id: FromPath[UUID]) -> Page:
    back = within(str(door.request.query_params.get("back", "")), HOME)
    try:
        undone = await undoing.undo(door.session, door.actor, deed_id)
    except WrongState as error:
        return door.go(back, said=said(error))
    words = ngettext("One thing is taken back.", "%(num)s things are taken back.", undone.back)
    if undone.stayed:
        words += " " + ngettext(
            "One has changed since, and stays.", "%(num)s have changed since, and stay.", undone.stayed
        )
    return door.go(back, said=words)


def told(door: Door, kind: DeedKind, done: Done, back: str) -> Page:
    """What has happened, with the way back."""
    number = len(going(done.rows))
    words = ngettext(*DONE[kind], number) if done.rows else _("This was done already, once.")
    if left := len(done.rows) - number:
        words += " " + ngettext("One is left out.", "%(num)s are left out.", left)
    undo = f"{PATH}/{done.deed_id}/undo"
    way = f"{undo}?{urlencode({'back': back})}"
    return door.go(
        back,
        said=words,
        undo=undo if back == HOME or len(way) > MOST_UNDO else way,  # it has to fit into a cookie
        left=ngettext("One minute left", "%(num)s minutes left", 10),
    )


async def _rehearse(door: Door, asked: Asked, *, is_unfinished: bool = False) -> list[Row]:
    session, actor, choice = door.session, door.actor, asked.choice
    match asked.do:
        case DeedKind.REMIND:
            return await telling.rehearse_reminding(session, actor, choice)
        case DeedKind.WRITE:
            return await telling.rehearse_writing(session, actor, choice)
        case DeedKind.TICK:
            return await changing.rehearse_ticking(session, actor, choice)
        case DeedKind.MOVE:
            on = _tomorrow(door) if is_unfinished or "on" not in asked.filled else asked.on
            return await changing.rehearse_moving(session, actor, choice, on)
        case DeedKind.HAND_OVER:
            to = asked.to or [one.id for one in await caseloads.colleagues(session, actor)]
            planned = await planning.plan(session, actor, to=to, choice=choice)
            return [one.row for one in planned.given]


async def _do(door: Door, asked: Asked) -> Done:
    session, actor, choice = door.session, door.actor, asked.choice
    match asked.do:
        case DeedKind.REMIND:
            return await telling.remind(session, actor, choice)
        case DeedKind.WRITE:
            return await telling.write(session, actor, choice, asked.texts())
        case DeedKind.TICK:
            return await changing.tick(session, actor, choice)
        case DeedKind.MOVE:
            return await changing.move(session, actor, choice, asked.on)
        case DeedKind.HAND_OVER:
            done, _plan = await handing_over.hand_over(
                session, actor, to=asked.to, choice=choice, once=choice.once
            )
            return done


async def _page(door: Door, asked: Asked, rows: list[Row], form: FormState, *, status: int = 200) -> Page:
    able = going(rows)
    codes = by_language(rows)
    context: dict[str, Any] = {
        "asked": asked,
        "form": form,
        "heading": ngettext(*ASKS[asked.do], len(able))
        if able
        else _("Nobody and nothing is left to do this with"),
        "button": ngettext(*BUTTONS[asked.do], len(able)),
        "going": able,
        "staying": [(row, said(row.refusal)) for row in rows if row.refusal],
        "titles": lambda row: _(tasks.kind_of(row.kind).title) if row.task_id else "",
        "languages": [(language.language_name(code), number) for code, number in codes.items()],
        "texts": [(code, language.language_name(code)) for code in codes],
        "tomorrow": _tomorrow(door).isoformat(),
        "first": clock.today(door.actor.time_zone).isoformat(),
        "roles": _roles(asked),
        "once": ids.new(),
        "colleagues": [],
    }
    if asked.do is DeedKind.HAND_OVER:
        context["colleagues"] = [
            (one.id, one.full_name, one.running)
            for one in await caseloads.colleagues(door.session, door.actor)
        ]
    return door.page("many/look.html", status=status, **context)


def _roles(asked: Asked) -> list[tuple[str, str]]:
    """Whom of a case a letter is for."""
    if asked.choice.of is not Of.CASES or asked.do not in (DeedKind.REMIND, DeedKind.WRITE):
        return []
    return [("", _("Both")), ("mentor", _("Mentors only")), ("mentee", _("Mentees only"))]


def _asked(filled: Form) -> Asked:
    """
    Raises:
        NotFound: a form that is none of ours.
    """
    try:
        kind, of = DeedKind(filled.text("do")), Of(filled.text("of"))
    except ValueError:
        raise NotFound(kind="deed") from None
    role = filled.text("role") if filled.text("role") in ("mentor", "mentee") else ""
    choice = Choice(of, tuple(dict.fromkeys(read_ids(filled.texts("p")))), role, read_once(filled))
    return Asked(kind, choice, within(filled.text("back"), HOME), filled)


def read_once(filled: Form) -> UUID | None:
    """The id that the form was given when it was shown."""
    return next(iter(read_ids(filled.texts("once"))), None)


def _tomorrow(door: Door) -> date:
    """The next working day: most offices rest on the two last of the week."""
    day = clock.today(door.actor.time_zone) + timedelta(days=1)
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


ROUTES = [look, do, undo]
