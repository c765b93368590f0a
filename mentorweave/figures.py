"""A result in figures, as `mentorweave match solve | verify` print it: for whom it worked, how well and how evenly."""

import time
from collections.abc import Iterator, Mapping

from matcher.measuring import Effort, Measures, Spread, peak_memory

ROWS = 12
"""Groups of an answer that are listed, the largest first."""

MIB = 1 << 20


class Stages:
    """Seconds of each phase of a run: what passed until a phase is told of is its own."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def note(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self.last
        self.last = now

    def effort(self, pairs: int) -> Effort:
        return Effort(pairs, tuple(self.seconds.items()), peak_memory())


def lines_of(found: Measures) -> Iterator[str]:
    yield f"Mentees matched   {found.pairs:,} of {found.mentees:,} ({found.mentee_rate:.1%})"
    yield f"Mentors matched   {sum(found.mentor_load[1:]):,} of {found.mentors:,} ({found.mentor_rate:.1%})"
    yield f"Places used       {found.pairs:,} of {found.places:,} ({found.place_rate:.1%})"
    yield (
        f"Score             total {found.total:,}, mean {found.mean:,.1f}, lowest {found.minimum:,}, "
        f"95 % have {found.percentile_5:,} or more, Gini {found.gini:.3f}"
    )
    ranks = [f"{rank}: {count:,}" for rank, count in enumerate(found.want_ranks[:-1].tolist(), 1)]
    yield f"Best topic met    {', '.join([*ranks, f'none: {int(found.want_ranks[-1]):,}'])}"
    load = ", ".join(f"{count}: {mentors:,}" for count, mentors in enumerate(found.mentor_load.tolist()))
    yield f"Mentees a mentor  {load}"
    for side, spreads in (("mentees", found.mentee_spread), ("mentors", found.mentor_spread)):
        yield from spread_lines(side, spreads)
    yield f"Blocking pairs    {found.blocking_pairs:,} of {found.pairs_compared:,} possible"
    yield f"Above their price {found.violating_pairs:,}; gap to the bound {found.gap:,}"
    yield from effort_lines(found.effort)
    yield f"Input             {found.digest}, version {found.version}"


def spread_lines(side: str, spreads: Mapping[str, tuple[Spread, ...]]) -> Iterator[str]:
    for name, groups in spreads.items():
        yield f"{side.capitalize()} by {name}: people, matched, mean score, Gini"
        largest = sorted(groups, key=lambda group: (-group.people, group.code))
        for group in largest[:ROWS]:
            code = "no answer" if group.code < 0 else f"{group.code}"
            yield f"  {code:>9} {group.people:>9,} {group.rate:>7.1%} {group.mean:>9,.1f} {group.gini:.3f}"
        if len(groups) > ROWS:
            yield f"  and {len(groups) - ROWS:,} smaller"


def effort_lines(effort: Effort) -> Iterator[str]:
    if effort.pairs_scored:
        yield f"Pairs looked at   {effort.pairs_scored:,}"
    for stage, seconds in effort.seconds:
        yield f"{stage.capitalize():<17} {seconds:.2f} s"
    if effort.peak_memory:
        yield f"Memory at most    {effort.peak_memory // MIB:,} MiB"
