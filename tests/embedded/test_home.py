import socket
from pathlib import Path

import pytest

from infra.embedded import account
from mentorweave.demo.home import AlreadyRunning, Home


def test_second_start_is_told_where_the_first_one_runs(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    first.lock()
    first.tell("http://localhost:8000/")

    with pytest.raises(AlreadyRunning, match="http://localhost:8000/"):
        second.lock()

    first.unlock()
    second.lock()
    second.unlock()


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    made = Home(tmp_path).secrets()

    assert Home(tmp_path).secrets() == made
    assert len(set(made.values())) == len(made) == 7
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_ports_stay_the_same_and_the_web_takes_the_next_free_one(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        first = home.ports(web=wanted)
        second = home.ports(web=wanted)

    assert first == second
    assert first["web"] > wanted
    assert len(set(first.values())) == len(first)


def test_fresh_start_forgets_data_and_keeps_logs() -> None:
    with account.scratch() as folder:
        home = Home(folder)
        made = home.secrets()
        for file in (home.postgres / "base", home.valkey / "aof", home.mail / "1.eml", home.log("serve")):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        home.keyring.touch()

        home.erase()

        assert sorted(path.name for path in folder.iterdir()) == ["logs"]
        assert home.secrets() != made
