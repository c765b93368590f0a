"""
`python -m tests.performance.bench`: how fast and how small it is, on servers and processes of its own.

Prints tables in Markdown. `--write docs/benchmarks.md` makes that page anew from
a run of all parts, on a machine that does nothing else meanwhile. Ends with 1 if
a target was missed.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra import clock
from infra.ground import Ground
from tests.installation import Installation, installed
from tests.performance import (
    contexts,
    crowd,
    demo,
    growth,
    outbox,
    pages,
    pools,
    queries,
    rosters,
    runs,
    sealing,
    structures,
    trail,
)
from tests.performance.pages import Subject
from tests.performance.report import Report, Row, machine

PAGE = """\
# Benchmarks

Made on {day} by `make bench` (`python -m tests.performance.bench --write docs/benchmarks.md`) on {machine}.

Each figure was taken {runs} times: the table has the median and the worst, and a target counts as reached
only if the worst run reaches it. Everything is real: PostgreSQL, Valkey, the mail catcher, `serve`, `work`,
`match` and `relay` are processes of their own under the demo's supervisor, on the same two cores as the load.

- **Pages** are asked for over HTTP with keep-alive by an open-loop client in its own process: a request leaves
  when it is due, and its time is counted from then. The organisation asked has 10,000 people in one cycle.
  The load begins when all processes have come to rest after their start or after rows were made, and each page
  has been asked for {asked} times, one after another; then {warm_up:.0f} s of load are not counted.
- **The crowd** is made by `INSERT ... SELECT`: people, participations, audit events, letters, tasks, proposals.
- **Peers** run on the same servers in the same minute: a bare Litestar handler with one query under Granian, and
  Dramatiq as it comes. They show what of a figure is ours.
- `python -m tests.performance.bench pages --seconds 5 --runs 1` measures one part; `--help` names the others.
- `make soak` kills processes while the main job goes on, and counts what was lost or doubled.

{tables}
"""


@contextmanager
def _calm(
    *, without: tuple[str, ...] = (), environment: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """An installation that has started: workers import for seconds after the first page can be asked for."""
    with installed(without=without, environment=environment) as installation:
        installation.calm_down()
        yield installation


def _context(report: Report, options: argparse.Namespace) -> None:
    with _calm() as installation:
        report.add("Signed context", asyncio.run(contexts.measure(installation, runs=options.runs)))


def _queries(report: Report, _: argparse.Namespace) -> None:
    with _calm() as installation:
        report.add("Queries a page", asyncio.run(queries.measure(installation)))


def _audit(report: Report, options: argparse.Namespace) -> None:
    alone = ("serve", "mailcatcher", "relay", "work", "match")
    with _calm(without=alone) as installation:
        report.add("Audit trail", asyncio.run(trail.measure(installation, runs=options.runs)))


def _keys(report: Report, options: argparse.Namespace) -> None:
    """With connections that stay, as in production; the demo opens one for each use."""
    alone = ("serve", "mailcatcher", "relay", "work", "match")
    with _calm(without=alone, environment={"KEY_DATABASE_POOL_SIZE": "2"}) as installation:
        report.add("Keys", asyncio.run(sealing.measure(installation, runs=options.runs)))


def _outbox(report: Report, options: argparse.Namespace) -> None:
    with _calm(without=("work",)) as installation:
        report.add("Outbox", asyncio.run(outbox.measure(installation, runs=options.runs)))


def _rosters(report: Report, options: argparse.Namespace) -> None:
    with _calm() as installation:
        report.add("Roster import", asyncio.run(rosters.measure(installation, runs=options.runs)))


def _runs(report: Report, options: argparse.Namespace) -> None:
    with _calm() as installation:
        report.add("Matching runs", asyncio.run(runs.measure(installation, runs=options.runs)))


def _demo(report: Report, options: argparse.Namespace) -> None:
    report.add("Demo", demo.measure(runs=options.runs))


def _matcher(report: Report, options: argparse.Namespace) -> None:
    """Without servers. The peers are packages of `make bench` alone."""
    from tests.performance import peers, scanning, solving

    report.add("Matcher: whole pools, two threads", pools.measure(options.runs))
    report.add("Matcher: the scan", scanning.measure(options.runs))
    report.add("Matcher: the solver beside its peers, CPU time", solving.measure(options.runs))
    report.add("Matcher: whole small pools beside their peers, CPU time", peers.measure(options.runs))


def _structures(report: Report, options: argparse.Namespace) -> None:
    report.add("Matcher: groups, circles and pairs of peers", structures.measure(options.runs))


def _growth(report: Report, _: argparse.Namespace) -> None:
    report.add("Matcher: growth, one run each, two threads", growth.measure())


def _pages(report: Report, options: argparse.Namespace) -> None:
    """Ten organisations first; then the same questions among thousands. As in production on two cores, not as the demo."""
    with _calm(environment={"SERVE_PROCESSES": "2", "DATABASE_POOL_SIZE": "10"}) as installation:
        subject = asyncio.run(_subject(installation))
        crowd.found(installation.admin_url, subject.pattern, organisations=9, people=200)
        crowd.settle(installation.admin_url)
        small = pages.measure(installation, subject, seconds=options.seconds, runs=options.runs)
        title = f"Pages at {pages.RATE:.0f} requests a second"
        report.add(f"{title}, 10 organisations", pages.rows(small))
        bare = pages.bare(installation, seconds=options.seconds, runs=options.runs)
        report.add(f"{title}, beside a bare handler with one query", pages.beside(small, bare))
        if not options.people:
            return
        begun = time.monotonic()
        each = options.people // options.organisations
        crowd.found(
            installation.admin_url,
            subject.pattern,
            organisations=options.organisations - 10,
            people=each,
            first=10,
        )
        size = crowd.settle(installation.admin_url)
        made = [
            Row("Rows made in", [time.monotonic() - begun], "s"),
            Row("Size of the database", [size / 1e9], "GB"),
        ]
        large = pages.measure(installation, subject, seconds=options.seconds, runs=options.runs)
        people = installation.sql("SELECT count(*) FROM person")[0][0]
        crowded = f"{options.organisations:,} organisations, {people:,} people"
        report.add(f"{title}, {crowded}", [*made, *pages.rows(large), *pages.ratios(small, large)])


async def _subject(installation: Installation) -> Subject:
    ground: Ground = installation.ground()
    try:
        return await pages.subject(ground, installation.admin_url)
    finally:
        await ground.close()


PARTS: dict[str, Callable[[Report, argparse.Namespace], None]] = {
    "context": _context,
    "queries": _queries,
    "audit": _audit,
    "keys": _keys,
    "outbox": _outbox,
    "rosters": _rosters,
    "runs": _runs,
    "demo": _demo,
    "pages": _pages,
    "matcher": _matcher,
}

BY_NAME = {"growth": _growth, "structures": _structures}
"""Asked for alone: it draws docs/pictures/growth.svg, and its largest pools take minutes."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", default=list(PARTS), choices=[*PARTS, *BY_NAME, []], metavar="part"
    )
    parser.add_argument("--runs", type=int, default=3, help="the worst of them counts")
    parser.add_argument("--seconds", type=float, default=20.0, help="of load for each page and run")
    parser.add_argument(
        "--people", type=int, default=2_000_000, help="in the crowded database; 0 leaves it out"
    )
    parser.add_argument("--organisations", type=int, default=10_000)
    parser.add_argument("--write", type=Path, help="put the tables into this file as well")
    options = parser.parse_args()
    report = Report()
    print(f"{machine()}; median and worst of {options.runs} runs")
    for part in options.parts or PARTS:
        (PARTS | BY_NAME)[part](report, options)
    if options.write:
        told = PAGE.format(
            machine=machine(),
            runs=options.runs,
            day=clock.today("UTC"),
            tables=report.text(),
            asked=pages.ASKED_FIRST,
            warm_up=pages.WARM_UP_S,
        )
        options.write.write_text(told)
    for row in report.missed():
        print(f"\nmissed: {row.what}")
    return 1 if report.missed() else 0


if __name__ == "__main__":
    sys.exit(main())
