"""Pairs in the one order in which the stable mode takes them: by score, then by the hash of both keys, then by keys."""

from collections.abc import Sequence

import numpy as np

from matcher.columns import I16, I32, I64, U64, Pool
from matcher.scan.lists import Lists
from matcher.solve.picking import Pairs
from matcher.solving import HASH_BITS, mixed


class Ranking:
    """The order of all pairs of a pool, told of any of them."""

    def __init__(self, pool: Pool) -> None:
        self.mentee_key, self.mentor_key = pool.mentees.key, pool.mentors.key
        self.ours: U64 = mixed(self.mentee_key)
        self.theirs: U64 = mixed(mixed(self.mentor_key + np.uint64(1)))

    def worth(self, mentee: I32, mentor: I32, score: I16) -> I64:
        """int64[p]: score above the bits of `matcher.solving.pair_hash`."""
        drawn = mixed(self.ours[mentee] ^ self.theirs[mentor]) >> np.uint64(64 - HASH_BITS)
        worth: I64 = (score.astype(np.int64) << HASH_BITS) | drawn.astype(np.int64)
        return worth

    def pairs(self, mentee: I32, mentor: I32, score: I16) -> Pairs:
        return Pairs(self.worth(mentee, mentor, score), mentee, mentor)

    def in_order(self, pairs: Pairs) -> Pairs:
        """Best first, each once."""
        order = np.argsort(-pairs.worth)
        worth = pairs.worth[order]
        is_same = worth[1:] == worth[:-1]
        run = np.flatnonzero(np.append(is_same, False) | np.append(False, is_same))
        tied = order[run]
        mentee, mentor = pairs.mentee[tied], pairs.mentor[tied]
        by_keys = np.lexsort((self.mentor_key[mentor], self.mentee_key[mentee], -worth[run]))
        order[run] = tied[by_keys]
        found = Pairs(worth, pairs.mentee[order], pairs.mentor[order])
        again = is_same & (found.mentee[1:] == found.mentee[:-1]) & (found.mentor[1:] == found.mentor[:-1])
        return some(found, np.append(True, ~again)) if again.any() else found


def some(pairs: Pairs, kept: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Pairs:
    return Pairs(pairs.worth[kept], pairs.mentee[kept], pairs.mentor[kept])


def joined(parts: Sequence[Pairs]) -> Pairs:
    return Pairs(
        np.concatenate([part.worth for part in parts]),
        np.concatenate([part.mentee for part in parts]),
        np.concatenate([part.mentor for part in parts]),
    )


def listed(people: I32, lists: Lists) -> tuple[I32, I32, I16]:
    """Person, the other person and score of each entry; `lists` are those of `people`."""
    is_entry = np.arange(lists.person.shape[1]) < lists.length[:, None]
    return np.repeat(people, lists.length), lists.person[is_entry], lists.score[is_entry]
