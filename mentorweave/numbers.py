"""
`mentorweave match solve | verify | sample | bench`: the matcher away from the platform, on files of columns.

A run that a page shows can so be found again and proved on another machine, with nothing
but this package and the file. docs/capabilities/matcher.md says what the columns are.
"""

from collections.abc import Callable
from pathlib import Path

import click

from matcher import (
    SCORE,
    Cancelled,
    InvalidColumn,
    LimitReached,
    LockedRefused,
    Matching,
    archiving,
    certify,
    propose,
)
from matcher.measuring import Effort, measure
from matcher.modes import MODES
from matcher.samples import SHAPES, sample
from mentorweave.figures import Stages, lines_of


class Refused(click.ClickException):
    """The file says what is wrong with it: column, row, what was found."""


@click.command()
@click.argument("problem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("result", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--mode", default="score", show_default=True, type=click.Choice([one.name for one in MODES.values()])
)
def solve(problem: Path, result: Path, threads: int, mode: str) -> None:
    """Find the best matching for the columns of PROBLEM by a mode and write it, with its proof, to RESULT."""
    given = _problem(problem)
    code = next(one.code for one in MODES.values() if one.name == mode)
    stages = Stages()

    def say(phase: str, percent: int) -> None:
        stages.note(phase)
        _say(phase, percent)

    found = _propose(given, threads, say, code)
    archiving.write(result, archiving.arrays_of_proof(found))
    click.echo(f"{len(found.mentee):,} pairs, total {found.total:,} of at most {found.bound:,}: {result}")
    pairs = len(given.pool.mentees.key) * len(given.pool.mentors.key)
    _figures(given, found, stages.effort(pairs), threads)


@click.command()
@click.argument("problem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("result", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64))
def verify(problem: Path, result: Path, threads: int) -> None:
    """Recount RESULT against PROBLEM with code that shares nothing with the solver."""
    given = _problem(problem)
    stages = Stages()
    try:
        found = archiving.matching_of(archiving.read(result))
    except InvalidColumn as wrong:
        raise Refused(f"{result}: {wrong}") from None
    try:
        proof = certify(given.pool, given.criteria, found, threads=threads)
    except InvalidColumn as wrong:
        raise Refused(f"{problem}: {wrong}") from None
    stages.note("proving")
    for fault in proof.violations:
        click.echo(fault)
    if not proof.ok:
        raise Refused(f"{result} is not proved: {len(proof.violations)} faults, the first ones are above.")
    _figures(given, found, stages.effort(proof.pairs_checked), threads)
    mode = MODES[found.claim.mode]
    if mode.code:
        kept = " then ".join(mode.promises)
        click.echo(f"Proved over {proof.pairs_checked:,} pairs for the mode {mode.name}: {kept}.")
        click.echo(f"Its total is {proof.total:,}; no matching has more than {proof.bound:,}.")
        return
    click.echo(f"Proved over {proof.pairs_checked:,} pairs: nothing is better than {proof.total:,}.")


@click.command("sample")
@click.argument("problem", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--people", default=1_000, show_default=True, type=click.IntRange(0, 1_000_000))
@click.option("--shape", default="loose", show_default=True, type=click.Choice(list(SHAPES)))
@click.option("--seed", default=1, show_default=True)
def make_sample(problem: Path, people: int, shape: str, seed: int) -> None:
    """Write a realistic pool of PEOPLE mentees to PROBLEM."""
    pool, criteria = sample(people, shape, seed)
    archiving.write(problem, archiving.arrays_of_problem(archiving.plain(pool, criteria)))
    click.echo(f"{len(pool.mentees.key):,} mentees and {len(pool.mentors.key):,} mentors: {problem}")


@click.command()
@click.option("--people", default=1_000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--shape", default="loose", show_default=True, type=click.Choice(list(SHAPES)))
@click.option("--seed", default=1, show_default=True)
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64))
def bench(people: int, shape: str, seed: int, threads: int) -> None:
    """Match a sample pool here and say how long each phase took."""
    pool, criteria = sample(people, shape, seed)
    stages = Stages()
    found = _propose(archiving.plain(pool, criteria), threads, lambda phase, _percent: stages.note(phase))
    for phase, seconds in stages.seconds.items():
        click.echo(f"{phase:>12} {seconds:8.2f} s")
    pairs = len(pool.mentees.key) * len(pool.mentors.key)
    click.echo(
        f"{len(found.mentee):,} of {people:,} matched, {pairs:,} pairs looked at, total {found.total:,}."
    )


def _problem(path: Path) -> archiving.Problem:
    try:
        return archiving.problem_of(archiving.read(path))
    except InvalidColumn as wrong:
        raise Refused(f"{path}: {wrong}") from None


def _propose(
    given: archiving.Problem, threads: int, progress: Callable[[str, int], None], mode: int = SCORE
) -> Matching:
    try:
        return propose(
            given.pool,
            given.criteria,
            locked=given.locked,
            forbidden=given.forbidden,
            quotas=given.quotas,
            progress=progress,
            threads=threads,
            mode=mode,
        )
    except (InvalidColumn, LimitReached, LockedRefused, Cancelled) as refused:
        raise Refused(str(refused)) from None


def _figures(given: archiving.Problem, found: Matching, effort: Effort, threads: int) -> None:
    for line in lines_of(measure(given.pool, given.criteria, found, effort=effort, threads=threads)):
        click.echo(line)


def _say(phase: str, percent: int) -> None:
    click.echo(f"\r{percent:3d} % {phase:<12}", nl=percent == 100, err=True)


COMMANDS = (solve, verify, make_sample, bench)
