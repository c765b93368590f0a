"""
`python -m tests.performance.pictures`: the pictures of the two pages about the matcher, drawn from a real run.

docs/pictures/chosen.svg shows coordinators how pairs are chosen, docs/pictures/proof.svg shows engineers why nothing
can be better. Seventeen mentees and ten mentors of the usual sample, so that a page can hold every pair.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matcher import Matching, propose
from matcher.columns import CRITERIA, Pool
from matcher.limits import failures
from matcher.samples import sample
from matcher.scoring import contributions, scene
from matcher.tables import max_score
from tests.performance.drawing import Picture

FOLDER = Path("docs/pictures")
PEOPLE, SEED = 17, 3
CELL = 30.0
LEFT, TOP = 96.0, 96.0

NAMES = {
    "topics": "topics",
    "languages": "languages",
    "overlap": "hours in common",
    "sector": "line of work",
    "organisation": "organisation",
    "seniority": "how far ahead",
    "mode": "ways of meeting",
    "region": "region",
    "gender": "wish for a gender",
    "wishes": "named by herself",
}


class Shown(NamedTuple):
    """A run small enough to be seen whole."""

    pool: Pool
    matching: Matching
    legal: Any
    """bool[n, m]"""
    score: Any
    """int32[n, m], whatever the limits say."""
    parts: Any
    """int16[n, m, criteria]"""
    most: int

    def points(self, score: int) -> int:
        """Of a hundred, as people are told."""
        return round(100 * score / self.most)


def shown() -> Shown:
    pool, criteria = sample(PEOPLE, "tight", SEED)
    matching = propose(pool, criteria)
    facts = scene(pool, criteria)
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    mask, score = failures(facts, slice(0, n), np.zeros((0, 2), np.int32))
    rows, columns = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    parts = np.stack(contributions(facts, rows, columns), axis=1).reshape(n, m, len(CRITERIA))
    return Shown(pool, matching, mask == 0, score, parts, max_score(criteria))


def main() -> None:
    run = shown()
    (FOLDER / "chosen.svg").write_text(chosen(run))
    (FOLDER / "proof.svg").write_text(proof(run))


def chosen(run: Shown) -> str:
    n, m = run.legal.shape
    subject = subject_of(run)
    told = (
        f"{n} mentees, {m} mentors, {int(run.legal.sum())} of {n * m} pairs possible; "
        f"{len(run.matching.mentee)} pairs chosen with {run.points(run.matching.total)} points in all"
    )
    picture = Picture("How pairs are chosen", told, 900, int(TOP + n * CELL + 70))
    picture.text(20, 30, "Every pair of a small run", "ink head")
    grid(picture, run, lambda i, j: run.score[i, j] / run.score[run.legal].max())
    for i, j in pairs_of(run):
        frame(picture, i, j)
    picture.text(
        LEFT,
        TOP + n * CELL + 26,
        "Darker: more points together. A dot: a constraint forbids the pair.",
        "soft small",
    )
    picture.text(LEFT, TOP + n * CELL + 44, "Framed: chosen, because no other choice has more points in all.", "soft small")  # fmt: skip
    bars(picture, run, subject, LEFT + m * CELL + 60)
    return picture.svg()


def grid(picture: Picture, run: Shown, shade: Any) -> None:
    n, m = run.legal.shape
    for j in range(m):
        picture.text(LEFT + (j + 0.5) * CELL, TOP - 10, f"{j + 1}", "soft small", anchor="middle")
    for i in range(n):
        picture.text(LEFT - 12, TOP + (i + 0.65) * CELL, f"Mentee {letter(i)}", "soft small", anchor="end")
        for j in range(m):
            x, y = LEFT + j * CELL, TOP + i * CELL
            if run.legal[i, j]:
                picture.box(x + 1, y + 1, CELL - 2, CELL - 2, "fa", opacity=0.08 + 0.82 * shade(i, j))
            else:
                picture.dot(x + CELL / 2, y + CELL / 2, "soft", 1.2)
    picture.text(LEFT + m * CELL / 2, TOP - 30, "Mentor", "soft small", anchor="middle")


def frame(picture: Picture, i: int, j: int) -> None:
    x, y = LEFT + j * CELL, TOP + i * CELL
    corners = [(x, y), (x + CELL, y), (x + CELL, y + CELL), (x, y + CELL), (x, y)]
    picture.line(corners, "chosen")


def bars(picture: Picture, run: Shown, i: int, x: float) -> None:
    """Points of mentee i with her mentor and with the mentors listed after that one."""
    best = run.matching.next_best
    own = dict(pairs_of(run))[i]
    others = [(int(j), int(lost)) for j, lost in zip(best.mentor[i], best.margin[i], strict=True) if j >= 0]
    picture.text(x, 30, f"Why mentee {letter(i)} has mentor {own + 1}", "ink head")
    y = TOP - 20
    wide = (860 - x) / max(run.score[i, j] for j in (own, *(j for j, _ in others)))
    for j, lost in ((own, 0), *others):
        said = f"Mentor {j + 1}: {run.points(int(run.score[i, j]))} points"
        said += ", chosen" if j == own else f"; forcing it costs everybody together {cost(run, lost)}"
        picture.text(x, y, said, "ink small")
        at = x
        for k, points in enumerate(run.parts[i, j].tolist()):
            if points > 0:
                picture.box(at, y + 7, points * wide, 18, f"f{'abc'[k % 3]}", opacity=1 - 0.12 * (k // 3))
                at += points * wide
        y += 58
    picture.text(x, y + 4, f"Where the points of mentor {own + 1} come from", "ink small")
    for k in np.argsort(-run.parts[i, own], kind="stable").tolist():
        if run.parts[i, own, k] > 0:
            y += 20
            picture.box(x, y - 6, 11, 11, f"f{'abc'[k % 3]}", opacity=1 - 0.12 * (k // 3))
            picture.text(
                x + 18, y + 4, f"{NAMES[CRITERIA[k]]}: {run.points(int(run.parts[i, own, k]))}", "soft small"
            )


def cost(run: Shown, lost: int) -> str:
    points = run.points(lost)
    return "less than a point" if points == 0 and lost else f"{points} point{'s' * (points != 1)}"


def proof(run: Shown) -> str:
    n, m = run.legal.shape
    u, v = run.matching.mentee_price, run.matching.mentor_price
    spare = u[:, None] + v - run.score
    total = run.matching.total
    told = (
        f"For each of {int(run.legal.sum())} legal pairs mentee's price + mentor's price is at least the score, "
        f"with equality on the {len(run.matching.mentee)} pairs chosen; prices times places are {total}, as is the total"
    )
    assert (spare[run.legal] >= 0).all() and int(u.sum() + (v * run.pool.mentors.capacity).sum()) == total
    picture = Picture("Why nothing can be better", told, 900, int(TOP + n * CELL + 70))
    picture.text(20, 30, "Prices less score, of every legal pair", "ink head")
    for i in range(n):
        picture.text(LEFT - 12, TOP + (i + 0.65) * CELL, f"{letter(i)}", "soft small", anchor="end")
        for j in range(m):
            x, y = LEFT + j * CELL, TOP + i * CELL
            if not run.legal[i, j]:
                picture.dot(x + CELL / 2, y + CELL / 2, "soft", 1.2)
                continue
            picture.box(
                x + 1,
                y + 1,
                CELL - 2,
                CELL - 2,
                "fb",
                opacity=0.06 + 0.5 * spare[i, j] / spare[run.legal].max(),
            )
            said = f"{spare[i, j] / 1000:.1f}" if spare[i, j] else "0"
            picture.text(x + CELL / 2, y + 20, said, "ink small", anchor="middle")
    for i, j in pairs_of(run):
        frame(picture, i, j)
    across = (LEFT - 40) / max(int(u.max()), 1)
    for i, price in enumerate(u.tolist()):
        picture.box(LEFT + m * CELL + 12, TOP + (i + 0.2) * CELL, price * across, 0.6 * CELL, "fc")
        picture.text(
            LEFT + m * CELL + 18 + price * across, TOP + (i + 0.65) * CELL, f"{price:,}", "soft small"
        )
    for j, price in enumerate(v.tolist()):
        high = 40 * price / max(int(v.max()), 1)
        picture.box(LEFT + (j + 0.2) * CELL, TOP - 6 - high, 0.6 * CELL, high, "fa")
    x = LEFT + m * CELL + 170
    held = int((v * run.pool.mentors.capacity).sum())
    for k, said in enumerate(
        (
            "Right: what each mentee keeps, her price.",
            "Top: what one more place of a mentor is worth.",
            "",
            "In the fields: thousands of points by which",
            "the two prices exceed the pair's score.",
            "None is below 0, so no choice of pairs can have",
            "more than all prices together:",
            f"{int(u.sum()):,} + {held:,} = {int(u.sum()) + held:,} points.",
            "",
            "Framed: the pairs chosen. There it is 0, so they",
            f"reach it exactly: {total:,} points.",
            "A 0 without a frame may stand in another choice",
            "that is just as good. A dot: a limit forbids the pair.",
        )
    ):
        picture.text(x, TOP + 16 + 22 * k, said, "soft small")
    return picture.svg()


def pairs_of(run: Shown) -> list[tuple[int, int]]:
    return list(zip(run.matching.mentee.tolist(), run.matching.mentor.tolist(), strict=True))


def subject_of(run: Shown) -> int:
    """Whom the picture explains: a mentee who is not with the mentor of most points, the one who would cost most."""
    best = run.matching.next_best
    waits = [
        (int(best.margin[i, 0]), i)
        for i, j in pairs_of(run)
        if best.mentor[i, 0] >= 0 and best.score[i, 0] > run.score[i, j]
    ]
    return max(waits)[1] if waits else pairs_of(run)[0][0]


def letter(i: int) -> str:
    return chr(ord("A") + i)


if __name__ == "__main__":
    main()
