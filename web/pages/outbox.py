"""Letters before and after they go, and jobs that failed."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import WrongState
from infra.http import paging
from infra.language import gettext as _
from tenants.notifications import actions, queries
from tenants.notifications.models import LetterState
from tenants.notifications.queries import ListedLetter
from tenants.notifications.rules import STRANDED, may_be_taken_back
from tenants.notifications.templates import editing
from tenants.notifications.words import STATE_NAMES, refusal
from tenants.permissions import Permission
from tenants.reports import outbox
from web import query
from web.door import Door, Page
from web.refusals import said
from web.tasks import JOBS
from web.timeline import when

AT_ONCE = 50
PATH = "/c/outbox"
# What the page can show: the name in the address, the states, and whether the last come first.
SHOWN: dict[str, tuple[tuple[LetterState, ...], bool]] = {
    "waiting": ((LetterState.WAITING, LetterState.SENDING), False),
    "sent": ((LetterState.SENT,), True),
    "refused": ((LetterState.REFUSED,), True),
    "unknown": ((LetterState.UNKNOWN,), True),
    "withdrawn": ((LetterState.WITHDRAWN,), True),
}


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    today = clock.today(door.actor.time_zone)
    shown = query.one_of(door.request, "show", [*SHOWN, "failed"]) or "waiting"
    search = query.text(door.request, "q")
    spoken = query.one_of(door.request, "language", door.organisation.languages)
    secret = outbox.secret_kinds()
    counts = await queries.letter_counts(door.session, door.actor, without=secret)
    jobs = await queries.failed_jobs(door.session, door.actor)
    states, newest = SHOWN.get(shown, ((), False))
    rows: list[ListedLetter] = []
    if shown != "failed":
        rows = await queries.letters(
            door.session,
            door.actor,
            states=states,
            language=spoken or None,
            search=search,
            without=secret,
            newest=newest,
            after=query.after(door.request, tuple[datetime, UUID]),
            limit=AT_ONCE + 1,
        )
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    return door.page(
        "outbox/list.html",
        shown=shown,
        search=search,
        spoken=spoken,
        tabs=_tabs(counts, len(jobs)),
        here=address(shown),
        rows=rows[:AT_ONCE],
        next=address(shown, q=search, language=spoken, after=paging.encode(last.key)) if last else "",
        total=sum(count for (state, _language), count in counts.items() if state in states),
        by_language=[
            (language.language_name(code), sum(counts.get((state, code), 0) for state in states))
            for code in door.organisation.languages
        ],
        languages=[(one.code, one.native) for one in door.view.offered],
        jobs=[(job, _(JOBS.get(job.kind, job.kind)), (job.error or "").partition(":")[0]) for job in jobs],
        titles={name: _(kind.title) for name, kind in outbox.kinds().items()},
        state_names={state.value: _(words) for state, words in STATE_NAMES.items()},
        when=lambda at: when(at, door.actor.time_zone, today),
        why=lambda error: _(refusal(error)[0]),
        today=today,
        now=clock.now(),
        zone=door.actor.time_zone,
        may_change=door.actor.may(Permission.OUTBOX_CHANGE),
    )


@get(PATH + "/{letter_id:uuid}")
async def letter(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    found = await queries.access_letter(door.session, door.actor, letter_id)
    name, email = await outbox.reader(door.session, found)
    kind = outbox.kinds().get(found.kind)
    text = await outbox.preview(door.session, door.actor, found, door.ground.settings.web, door.ground.links)
    return door.page(
        "outbox/letter.html",
        letter=found,
        title=_(kind.title) if kind else found.kind,
        is_secret=kind is not None and kind.is_secret,
        text=text,
        original=await editing.original_of(door.session, door.actor, found),
        unsent=await editing.unsent_of(door.session, door.actor, found),
        remedy=_(refusal(found.error)[1]),
        may_write=bool(kind and kind.words and text) and door.actor.may(Permission.OUTBOX_CHANGE),
        reader=name or email,
        email=email,
        direction=language.direction(found.language),
        state_name=_(STATE_NAMES[LetterState(found.state)]),
        is_waiting=found.state == LetterState.WAITING,
        may_take_back=may_be_taken_back(found.kind),
        is_stranded=found.state in STRANDED,
        is_due=found.due_at <= clock.now(),
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
    )


@post(PATH + "/{letter_id:uuid}/withdraw")
async def withdraw(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    try:
        await actions.take_back(door.session, door.actor, letter_id)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    return door.go(PATH, said=_("The letter is taken back. It will not be sent."))


@post(PATH + "/{letter_id:uuid}/hurry")
async def hurry(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    try:
        await actions.hurry_letter(door.session, door.actor, letter_id)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    return door.go(PATH, said=_("The letter goes out now."))


@post(PATH + "/{letter_id:uuid}/again")
async def again(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    try:
        await actions.send_again(door.session, door.actor, letter_id)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    return door.go(PATH, said=_("We try to send the letter again."))


@post(PATH + "/jobs/{job_id:uuid}/retry")
async def retry(door: NamedDependency[Door], job_id: FromPath[UUID]) -> Page:
    try:
        await actions.retry_job(door.session, door.actor, job_id)
    except WrongState as error:
        return door.go(f"{PATH}?show=failed", said=said(error))
    return door.go(f"{PATH}?show=failed", said=_("The job is tried again now."))


def address(shown: str, **more: str) -> str:
    given = {"show": "" if shown == "waiting" else shown} | more
    kept = {name: value for name, value in given.items() if value}
    return f"{PATH}?{urlencode(kept)}" if kept else PATH


def _tabs(counts: dict[tuple[str, str], int], failed: int) -> list[tuple[str, str, int | None]]:
    def count(name: str) -> int:
        return sum(number for (state, _language), number in counts.items() if state in SHOWN[name][0])

    return [
        (_("Waiting"), address("waiting"), count("waiting")),
        (_("Sent"), address("sent"), count("sent")),
        (_("Refused"), address("refused"), count("refused")),
        (_("Perhaps not delivered"), address("unknown"), count("unknown")),
        (_("Taken back"), address("withdrawn"), count("withdrawn")),
        (_("Jobs that failed"), address("failed"), failed),
    ]


ROUTES = [show, letter, withdraw, hurry, again, retry]
