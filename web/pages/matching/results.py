"""One run: how far it is, or what came of it; approving, stopping, downloading."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, progress
from infra.errors import HouseError
from infra.http import paging
from infra.http.events import Event, Source
from infra.http.uploads import attachment
from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes.structures import PARTIES, Makes
from tenants.proposals import actions as proposals
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.runs import actions, queries, results, rules
from tenants.proposals.runs.results import Sort
from web import meters, query, rendering, spreadsheets
from web.door import Door, Page
from web.pages.matching import aims, cycles, grouping, quotas, sheets, showing
from web.pages.matching.cycles import PATH
from web.refusals import said

RUN = PATH + "/{run_id:uuid}"
AT_ONCE = 20  # what a first visit over a slow line can carry
LEFT_AT_ONCE = 6
SORTS = {
    Sort.SCORE: N_("Score"),
    Sort.MARGIN: N_("Margin to next best"),
    Sort.NAME: N_("Mentee’s name"),
}
KEYS: dict[Sort, Any] = {
    Sort.SCORE: tuple[int, UUID],
    Sort.MARGIN: tuple[int, UUID],
    Sort.NAME: tuple[str, UUID],
}


@get(RUN)
async def show(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    run = await queries.access_run(door.session, door.actor, run_id)
    await cycles.show_of(door, run.cycle_id)
    if run.state in rules.OPEN:
        state = await progress.last(door.ground.redis, rules.progress_key(run.organisation_id, run.id))
        return door.page("matching/running.html", **_working(door, run, state))
    if run.state != RunState.DONE:
        return door.page(
            "matching/ended.html",
            run=run,
            why=await showing.why_failed(door, run),
            again=f"{PATH}/new?cycle={run.cycle_id}",
        )
    return await _results(door, run)


async def _results(door: Door, run: MatchingRun) -> Page:
    sort = Sort(query.one_of(door.request, "sort", [one.value for one in Sort]) or Sort.SCORE)
    after = query.after(door.request, KEYS[sort])
    pairs = await results.pairs(door.session, door.actor, run.id, sort=sort, after=after, limit=AT_ONCE + 1)
    kind = grouping.makes(run)
    of_peers = kind in (Makes.MUTUAL, Makes.CIRCLES)
    first = "peer" if of_peers else "mentee"
    left = await results.unmatched(door.session, door.actor, run.id, side=first, limit=LEFT_AT_ONCE)
    mentors = await results.unmatched(door.session, door.actor, run.id, side="mentor", limit=LEFT_AT_ONCE)
    scores = await results.scores(door.session, door.actor, run.id, most=showing.DOTS_MOST + 1)
    spread = [(score, 1) for *_both, score in scores]
    if len(scores) > showing.DOTS_MOST:
        scores, spread = [], await results.spread(door.session, door.actor, run.id)
    drafts = await results.drafts(door.session, door.actor, run.id)
    groups = await grouping.of_run(door, run) if kind in PARTIES else []
    people = await showing.names(door, pairs, [*left, *mentors], scores)
    next_page = ""
    if len(pairs) > AT_ONCE:
        next_page = door.view.with_query(after=paging.encode(pairs[AT_ONCE - 1].sort_key))
    return door.page(
        "matching/results.html",
        makes=kind,
        of_peers=of_peers,
        groups=groups,
        groups_proof=grouping.proof(run) if kind in PARTIES else "",
        run=run,
        result=run.result,
        pairs=[showing.pair(one, people) for one in pairs[:AT_ONCE]],
        left=[showing.left(one, people) for one in left],
        left_mentors=[showing.left(one, people) for one in mentors],
        has_more_mentors=len(mentors) == LEFT_AT_ONCE,
        strip=showing.strip(scores, people),
        bands=showing.bands(spread),
        figures=showing.figures(run.result, kind),
        aim=aims.told(run.result),
        regions=showing.groups(run.result["regions"]),
        quotas=await quotas.used(door, run),
        sort=sort.value,
        sorts=[(one.value, _(label)) for one, label in SORTS.items()],
        next=next_page,
        drafts=drafts,
        group_drafts=(formed := sum(one["is_draft"] for one in groups)),
        meter=await meters.near(door, drafts + formed) if drafts + formed else None,
        of_hundred=rules.of_hundred,
        may_approve=door.actor.may(Permission.PROPOSAL_APPROVE),
        zone=door.organisation.time_zone,
        again=f"{PATH}/new?cycle={run.cycle_id}",
    )


def _working(door: Door, run: MatchingRun, state: progress.Progress | None) -> dict[str, Any]:
    return {
        "run": run,
        "phases": showing.phases(state, run),
        "percent": state.percent if state and run.state == RunState.RUNNING else 0,
        "seconds": int((clock.now() - (run.begun_at or run.created_at)).total_seconds()),
        "counts": sum(1 for weight in run.criteria["points"].values() if weight),
        "may_stop": rules.may_stop(door.actor, run),
        "zone": door.organisation.time_zone,
    }


@get(RUN + "/events")
async def stream(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Response[bytes]:
    """The state of a run that works, as it changes; the last event turns the page over to the result."""
    run = await queries.access_run(door.session, door.actor, run_id)
    return door.stream(_states(door, run))


async def _states(door: Door, run: MatchingRun) -> Source:
    if run.state not in rules.OPEN:
        return
    async for state in progress.follow(door.ground.redis, rules.progress_key(run.organisation_id, run.id)):
        # The row is the truth: a run may end without a word, when it is stopped or its worker dies.
        async with door.ground.database.tenant_session(door.actor.context()) as session:
            now = await queries.access_run(session, door.actor, run.id)
        if now.state not in rules.OPEN:
            return
        if state is None:
            yield None
        else:
            html = rendering.fragment("matching/_state.html", door.view, **_working(door, now, state))
            yield Event(html)


@post(RUN + "/cancel")
async def cancel(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    try:
        await actions.cancel_run(door.session, door.actor, run_id)
    except rules.RunNotOpen as error:
        return door.go(f"{PATH}/{run_id}", said=said(error))
    return door.go(f"{PATH}/{run_id}", said=_("The run was stopped. Nothing was proposed to anyone."))


@post(RUN + "/approve")
async def approve(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    """All drafts of the run, or those whose boxes were ticked."""
    await queries.access_run(door.session, door.actor, run_id)
    filled = await door.form()
    ticked = [UUID(one) for one in filled.texts("proposal") if _is_uuid(one)] or None
    try:
        done = await proposals.approve(
            door.session, door.actor, run_id, ticked, override=filled.text("override") or None
        )
    except HouseError as error:
        return door.go(f"{PATH}/{run_id}", said=said(error))
    words = ngettext("One proposal was approved.", "%(num)s proposals were approved.", done.sent)
    if done.left_out:
        words += " " + ngettext(
            "One stays a draft: somebody has no place left.",
            "%(num)s stay drafts: somebody has no place left.",
            done.left_out,
        )
    return door.go(
        f"{PATH}/{run_id}", said=words, undo=f"{PATH}/{run_id}/undo-approval", left=_("for 10 minutes")
    )


@post(RUN + "/undo-approval")
async def undo(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    await queries.access_run(door.session, door.actor, run_id)
    try:
        taken = await proposals.undo_approval(door.session, door.actor, run_id)
    except HouseError as error:
        return door.go(f"{PATH}/{run_id}", said=said(error))
    return door.go(
        f"{PATH}/{run_id}",
        said=ngettext("One proposal is a draft again.", "%(num)s proposals are drafts again.", taken),
    )


@get(RUN + "/certificate")
async def certificate(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    run = await queries.access_run(door.session, door.actor, run_id)
    await cycles.show_of(door, run.cycle_id)
    if run.state != RunState.DONE:
        return door.go(f"{PATH}/{run_id}")
    return door.page(
        "matching/certificate.html",
        run=run,
        certificate=run.certificate,
        aim=aims.told(run.result),
        makes=grouping.makes(run),
        groups_proof=grouping.proof(run) if grouping.makes(run) in PARTIES else "",
        result=run.result,
        steps=showing.steps(run.result),
        points=showing.points(run),
        zone=door.organisation.time_zone,
    )


@get(RUN + "/export")
async def sheet(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Response[bytes]:
    """All pairs and all left out, as CSV or XLSX."""
    run = await queries.access_run(door.session, door.actor, run_id)
    kind = query.one_of(door.request, "as", spreadsheets.KINDS) or "xlsx"
    table = await sheets.table(door, run)
    write, media_type = spreadsheets.KINDS[kind]
    name = _("Matching run %(number)s", number=run.number)
    return Response(
        write(table),
        media_type=media_type,
        headers={"content-disposition": attachment(f"{name}.{kind}")},
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


ROUTES = [show, stream, cancel, approve, undo, certificate, sheet]
