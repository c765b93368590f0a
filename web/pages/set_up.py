"""Setting a network up: fourteen steps that each explain themselves, and the list of what is settled (K80)."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, NotFound
from infra.language import day, ngettext
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries, rules, set_up
from tenants.programmes.models import Programme
from tenants.programmes.set_up_models import RUNNING, Step
from tenants.programmes.set_up_words import WORDS
from tenants.registration.telling import shown_in
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/set-up"


@get(PATH)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """All of it on one page, as it can be printed and handed round."""
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    written = await set_up.steps(door.session, door.actor, programme_id)
    rows = [_row(at, one) for at, one in enumerate(written, start=1)]
    return door.page(
        "set_up/list.html",
        programme=programme,
        name=shown_in(programme, programme.name),
        parts=[
            (_("The ten steps"), [row for row in rows if not row["runs"]]),
            (_("How it is run"), [row for row in rows if row["runs"]]),
        ],
        settled=sum(row["is_settled"] for row in rows),
        total=len(rows),
        next=next((row["step"] for row in rows if not row["is_settled"]), ""),
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
    )


@get(PATH + "/{step:str}")
async def look(door: NamedDependency[Door], programme_id: FromPath[UUID], step: FromPath[str]) -> Page:
    return await _page(door, programme_id, _step(step), FormState())


@post(PATH + "/{step:str}")
async def write(door: NamedDependency[Door], programme_id: FromPath[UUID], step: FromPath[str]) -> Page:
    filled = await door.form()
    here, version = _step(step), filled.text("version")
    try:
        await set_up.write(
            door.session,
            door.actor,
            programme_id,
            here,
            text=filled.text("text"),
            is_settled=filled.text("settled") == "yes",
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        )
    except Invalid as error:
        return await _page(door, programme_id, here, refused(filled, error), status=422)
    except set_up.SetUpChanged as error:
        # What she wrote stays in the form; what stands now is shown beside it, and her next try is taken.
        return await _page(door, programme_id, here, FormState(filled), status=409, changed=said(error))
    address = f"/a/programmes/{programme_id}/set-up"
    following = _after(here) if filled.text("go") == "next" else None
    return door.go(f"{address}/{following.value}" if following else address, said=_("It is written down."))


async def _page(
    door: Door, programme_id: UUID, step: Step, form: FormState, *, status: int = 200, changed: str = ""
) -> Page:
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    written = {one.step: one for one in await set_up.steps(door.session, door.actor, programme_id)}
    words, following = WORDS[step], _after(step)
    return door.page(
        "set_up/step.html",
        status=status,
        form=form,
        changed=changed,
        programme=programme,
        name=shown_in(programme, programme.name),
        step=step.value,
        number=list(Step).index(step) + 1,
        total=len(Step),
        title=_(words.title),
        why=_(words.why),
        asks=[_(one) for one in words.asks],
        written=written[step],
        is_last=following is None,
        most=set_up.MOST,
        known=await _known(door, programme, step),
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
    )


def _row(number: int, one: set_up.Written) -> dict[str, Any]:
    return {
        "number": number,
        "step": one.step.value,
        "title": _(WORDS[one.step].title),
        "text": one.text,
        "is_settled": one.settled_at is not None,
        "runs": one.step in RUNNING,
    }


async def _known(door: Door, programme: Programme, step: Step) -> list[tuple[str, str]]:
    """What the house itself knows of a step, with where it is changed."""
    here = f"/a/programmes/{programme.id}"
    known: list[tuple[str, str]] = []
    if step is Step.MENTEE_NEEDS:
        asked = len(await queries.questions(door.session, programme.id))
        words = ngettext("The form asks one question", "The form asks %(num)s questions", asked)
        known = [
            (words, f"{here}#questions"),
            (_("The guide of the talk with a mentee"), f"{here}/guide/mentee"),
        ]
    elif step is Step.MENTOR_SKILLS:
        known = [(_("The guide of the talk with a mentor"), f"{here}/guide/mentor")]
    elif step is Step.MATCHING:
        counted = sum(one.weight > 0 for one in await queries.criteria(door.session, programme.id))
        known = [(ngettext("One criterion counts", "%(num)s criteria count", counted), f"{here}#weights")]
    elif step is Step.SUPPORT:
        carers = len(await queries.carers(door.session, door.actor, programme.id))
        named = ngettext("One person cares for it", "%(num)s people care for it", carers)
        known = [(named if carers else _("No coordinator cares for it yet"), f"{here}#carers")]
    elif step is Step.TIMELINE:
        known = [(await _dates(door, programme), f"{here}#cycles")]
    elif step is Step.LOGISTICS and door.actor.may(Permission.PRIVACY_READ):
        known = [(_("What is kept of people, and how long"), "/a/privacy")]
    return known


async def _dates(door: Door, programme: Programme) -> str:
    cycles = await queries.cycles(door.session, programme.id)
    current = rules.current_cycle(cycles, clock.today(door.organisation.time_zone))
    if current is None:
        return _("No cycle is planned yet")
    return _("Registration until %(close)s, first pairs from %(start)s", close=day(current.closes_on), start=day(current.launch_on))  # fmt: skip


def _after(step: Step) -> Step | None:
    every = list(Step)
    at = every.index(step) + 1
    return every[at] if at < len(every) else None


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError as error:
        raise NotFound(kind="step", id=name[:40]) from error


ROUTES = [show, look, write]
