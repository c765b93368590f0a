"""The page about files of columns names all of them, and what it says to type does what it says."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcher import archiving, propose
from matcher.samples import sample
from mentorweave.cli import cli

PAGE = Path(__file__).parents[2] / "docs/capabilities/matcher-files.md"


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text()


def test_page_names_every_array_and_no_other(page):
    pool, criteria = sample(10)
    problem = archiving.arrays_of_problem(archiving.plain(pool, criteria))
    arrays = problem | archiving.arrays_of_proof(propose(pool, criteria))
    rows = [row for row in page.splitlines() if row.startswith("|")]
    assert set(re.findall(r"`([a-z]+\.[a-z_]+)`", "".join(rows))) == set(arrays)
    for row in rows:
        found = re.match(r"\| (`[^|]*`) \| (u?int\d+|bool)\[", row)
        for name in re.findall(r"[a-z]+\.[a-z_]+", found[1]) if found else ():
            assert found[2] in (str(arrays[name].dtype), "int64"), name


def test_the_example_is_solved_and_proved_as_it_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before, after = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    written: dict[str, object] = {}
    exec(before, written)  # the page's own program is what is tested
    (session,) = re.findall(r"```\n(\$ .*?)```", page, re.DOTALL)
    said = re.findall(r"\$ mentorweave (.*)\n(.*)\n", session)
    assert len(said) == 2
    for command, answer in said:
        ran = CliRunner().invoke(cli, command.split())
        assert ran.exit_code == 0, ran.output
        assert answer in ran.stdout.splitlines()
    exec(after, written)
