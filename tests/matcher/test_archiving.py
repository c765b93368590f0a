"""Files of columns, and the commands on them: a run leaves the platform and is found and proved again."""

import numpy as np
import pytest
from click.testing import CliRunner

from matcher import InvalidColumn, Quotas, archiving, certify, digest, propose
from matcher.samples import SHAPES, sample
from mentorweave.cli import cli
from tests.matcher import pools


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_problem_comes_back_as_it_was(rng, tmp_path):
    pool = pools.pool(rng, 9, 7)
    criteria = pools.criteria(rng)
    given = archiving.Problem(
        pool, criteria, np.array([[0, 1]], np.int32), np.array([[2, 3], [4, 5]], np.int32),
        Quotas(np.array([-1, 2, 3], np.int32), np.zeros(0, np.int32)),
    )  # fmt: skip
    archiving.write(tmp_path / "a.npz", archiving.arrays_of_problem(given))

    back = archiving.problem_of(archiving.read(tmp_path / "a.npz"))

    assert digest(back.pool, back.criteria) == digest(pool, criteria)
    assert back.criteria.seniority_sign == criteria.seniority_sign
    assert isinstance(back.criteria.unit_rule, bool)
    for one, other in zip((back.locked, back.forbidden, *back.quotas),
                          (given.locked, given.forbidden, *given.quotas), strict=True):  # fmt: skip
        assert one.dtype == other.dtype and (one == other).all()
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]  # nothing half written beside it


def test_proof_comes_back_and_still_proves(rng, tmp_path):
    pool, criteria = pools.pool(rng, 12, 8), pools.criteria(rng)
    archiving.write(tmp_path / "r.npz", archiving.arrays_of_proof(propose(pool, criteria)))
    assert certify(pool, criteria, archiving.matching_of(archiving.read(tmp_path / "r.npz"))).ok


def test_an_older_file_claims_of_no_margin_that_it_is_exact(rng):
    pool, criteria = pools.pool(rng, 12, 8), pools.criteria(rng)
    arrays = archiving.arrays_of_proof(propose(pool, criteria))
    assert archiving.matching_of(arrays).margin_is_exact.all()
    del arrays["matching.margin_is_exact"]
    assert not archiving.matching_of(arrays).margin_is_exact.any()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("text.npz", b"name;mail\n", "is not an .npz file of columns"),
        ("empty.npz", b"", "is not an .npz file of columns"),
        ("half.npz", b"PK\x03\x04 and nothing more", "is not an .npz file of columns"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidColumn, match=told):
        archiving.read(tmp_path / name)


def test_one_array_and_pickled_ones_are_refused(tmp_path):
    np.save(tmp_path / "one.npy", np.arange(3))
    with pytest.raises(InvalidColumn, match="one array instead of named columns"):
        archiving.read(tmp_path / "one.npy")
    np.savez(tmp_path / "objects.npz", **{"mentees.key": np.array([{}], object)})
    with pytest.raises(InvalidColumn):
        archiving.read(tmp_path / "objects.npz")


def test_missing_and_unknown_columns_are_named(rng):
    pool, criteria = pools.pool(rng, 2, 2), pools.criteria(rng)
    arrays = archiving.arrays_of_problem(archiving.plain(pool, criteria))
    with pytest.raises(InvalidColumn, match=r"mentees\.colour: is a column that nobody knows"):
        archiving.problem_of(arrays | {"mentees.colour": np.zeros(2)})
    del arrays["mentors.capacity"]
    with pytest.raises(InvalidColumn, match=r"mentors\.capacity: is missing"):
        archiving.problem_of(arrays)


@pytest.mark.parametrize("shape", SHAPES)
def test_sample_is_solved_and_proved_on_the_command_line(tmp_path, shape):
    problem, result = str(tmp_path / "p.npz"), str(tmp_path / "r.npz")

    def run(*arguments):
        return CliRunner().invoke(cli, ["match", *arguments])

    assert run("sample", problem, "--people", "60", "--shape", shape).exit_code == 0
    solved = run("solve", problem, result)
    assert solved.exit_code == 0 and "pairs, total" in solved.output
    proved = run("verify", problem, result)
    assert proved.exit_code == 0 and "nothing is better than" in proved.output
    for told in (solved.output, proved.output):
        for figure in (
            "Mentees matched",
            "Blocking pairs",
            "Mentors by grade",
            "Best topic met",
            "Memory at most",
        ):
            assert figure in told
        assert "Above their price 0; gap to the bound 0" in told

    arrays = archiving.read(tmp_path / "r.npz")
    arrays["matching.mentor"] = np.roll(arrays["matching.mentor"], 1)
    archiving.write(tmp_path / "r.npz", arrays)
    changed = run("verify", problem, result)
    assert changed.exit_code == 1 and "is not proved" in changed.output
    swapped = run("solve", result, problem)
    assert swapped.exit_code == 1 and "mentees.key: is missing" in swapped.output


def test_bench_says_how_long_each_phase_took():
    told = CliRunner().invoke(cli, ["match", "bench", "--people", "40"])
    assert told.exit_code == 0
    assert all(phase in told.output for phase in ("reading", "scoring", "solving", "explaining", "proving"))
    assert "of 40 matched" in told.output


def test_samples_are_the_same_each_time_and_differ_by_seed():
    one, again, other = sample(50, seed=3), sample(50, seed=3), sample(50, seed=4)
    assert digest(*one) == digest(*again) != digest(*other)
