"""Parts of large groups beside plain definitions: what is kept of all passes, and what the check says that mentors gain."""

from typing import Any

import numpy as np
import pytest

from matcher import propose_groups
from matcher.recounting.groups import Asked, best_gains
from matcher.recounting.pairs import facts
from matcher.structures.group_known import respond, topics_of, with_more
from matcher.structures.group_lists import Offered
from matcher.structures.group_recount import every_gain
from tests.matcher import pools
from tests.matcher.structures.test_grouping import drawn


def offers(rng: Any, mentors: int, mentees: int) -> Offered:
    """Some offers of each mentor, with as many different mentees as fit."""
    rows = sorted(
        {
            (j, int(rng.integers(3)), int(rng.integers(2)))
            for j in range(mentors)
            for _ in range(rng.integers(4))
        }
    )
    listed = [rng.permutation(mentees)[:5] for _ in rows]
    listed = [np.where(np.arange(5) < rng.integers(6), one, -1) for one in listed]
    mentee = np.array(listed, np.int32).reshape(len(rows), 5)
    code = np.array(rows, np.int64).reshape(len(rows), 3)
    # What a pair is worth is no matter of the pass that has found it.
    worth = (7 * mentee + 13 * code[:, :1] + 29 * code[:, 1:2] + code[:, 2:]) % 60
    return Offered(
        code[:, 0].astype(np.int32),
        code[:, 1].astype(np.int16),
        code[:, 2].astype(np.int16),
        np.zeros(len(rows), np.int64),
        mentee,
        worth.astype(np.int32),
        np.zeros(mentors, np.int64),
    )


def cells(x: Offered) -> dict[tuple[int, int, int], dict[int, int]]:
    found: dict[tuple[int, int, int], dict[int, int]] = {}
    for s in range(len(x.mentor)):
        inside = {int(i): int(w) for i, w in zip(x.mentee[s], x.worth[s], strict=True) if i >= 0}
        if inside:
            found[int(x.mentor[s]), int(x.topic[s]), int(x.language[s])] = inside
    return found


def gain(inside: dict[int, int], price: Any, least: int, room: int) -> int:
    net = sorted((w - int(price[i]) for i, w in inside.items()), reverse=True)[:room]
    if len(net) < least:
        return 0
    return sum(net[:least]) + sum(max(one, 0) for one in net[least:])


def test_what_passes_found_is_kept_once_and_answered_as_the_definition_says() -> None:
    rng, led = np.random.default_rng(3), 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("matcher.structures.group_known.A_PIECE", 2)
        for _ in range(60):
            mentors, mentees, least = 5, 7, int(rng.integers(1, 4))
            one, other = offers(rng, mentors, mentees), offers(rng, mentors, mentees)
            known = with_more(with_more(None, one, lambda _: None), other, lambda _: None)
            both = cells(one)
            for code, inside in cells(other).items():
                both[code] = both.get(code, {}) | inside
            assert len(known.cell) == sum(map(len, both.values()))
            assert len(known.mentor) == len(both)
            price, room = rng.integers(0, 60, mentees), rng.integers(0, 6, mentors).astype(np.int32)
            room[room < least] = 0
            found = respond(known, price, room, least)
            taken = np.zeros(mentees, np.int32)
            for j in range(mentors):
                here = {
                    code: gain(inside, price, least, room[j]) for code, inside in both.items() if code[0] == j
                }
                best = max([0, *here.values()]) if room[j] else 0
                assert found.gain[j] == best
                assert (found.offer[j] >= 0) == (best > 0)
                if best:
                    topic, language = topics_of(known, found.offer[j : j + 1])
                    code = (j, int(topic[0]), int(language[0]))
                    inside = [i for i in found.inside[j].tolist() if i >= 0]
                    assert here[code] == best == sum(both[code][i] - int(price[i]) for i in inside)
                    taken[inside] += 1
                    led += 1
            assert found.taken.tolist() == taken.tolist()
    assert led > 50


def test_the_check_of_large_groups_says_what_the_plain_one_says_at_any_prices() -> None:
    gained = 0
    for seed in range(12):
        rng, pool, criteria = drawn(9_100 + seed)
        n, m = len(pool.mentees.key), len(pool.mentors.key)
        forbidden = pools.some_pairs(rng, n, m, 0.1)
        found = propose_groups(pool, criteria, forbidden=forbidden)
        s = facts(pool, criteria, found.forbidden_pairs)
        for highest in (1, 2_000, 12_000):
            price = rng.integers(0, highest, n)
            lock = np.where(rng.random(n) < 0.1, rng.integers(0, m, n), -1)
            asked = found._replace(price=price, least=int(rng.integers(1, 4)))
            room = np.minimum(pool.mentors.capacity.astype(np.int64), asked.most)
            plain = every_gain(s, asked, lock, 400_000)
            assert best_gains(s, Asked(price, lock, 400_000, asked.least, room)).tolist() == plain.tolist()
            gained += int((plain > 0).sum())
    assert gained > 20
