"""PostgreSQL from a wheel: who may come in, and what a kill or an awkward folder does to it."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.embedded import account
from infra.embedded.postgres import Postgres
from infra.embedded.server import NotStarted, free_port, left_over


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with account.scratch() as folder:
        yield folder


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Postgres]:
    with Postgres(place / "postgres", port=free_port(), durable=False) as postgres:
        with admin(postgres) as connection:
            connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'a b/c@d'")
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('before')")
        yield postgres


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def admin(postgres: Postgres) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(plain(postgres.admin_url()), autocommit=True)


def test_collation_is_the_built_in_one(server: Postgres) -> None:
    with admin(server) as connection:
        row = connection.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'"
        ).fetchone()

    assert row == ("b", "C.UTF-8", "UTF8")


def test_role_comes_in_by_tcp_with_its_password(server: Postgres) -> None:
    with psycopg.connect(plain(server.url("clerk", "a b/c@d", "postgres"))) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("clerk",)


def test_role_with_a_wrong_password_is_refused(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(plain(server.url("clerk", "wrong", "postgres")))


def test_superuser_is_refused_by_tcp(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        psycopg.connect(plain(server.url("postgres", "any", "postgres")))


def test_only_our_account_may_enter_the_socket_folder(server: Postgres) -> None:
    found = server.socket_dir.stat()

    assert (found.st_mode & 0o777, found.st_uid) == (0o700, account.identity().uid)


def test_killed_server_starts_again_with_its_data(server: Postgres) -> None:
    assert server.process
    server.process.kill()
    server.process.wait()

    server.start()

    with admin(server) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("before",)


def test_second_start_clears_away_the_server_of_a_killed_owner(server: Postgres) -> None:
    orphan = server.process
    assert orphan

    server.start()

    assert orphan.wait(10) is not None
    assert server.is_ready()


def test_process_id_that_another_program_has_by_now_does_not_hinder(server: Postgres) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    server.start()

    assert server.is_ready()


def test_without_a_port_a_role_comes_in_by_the_socket(place: Path) -> None:
    with Postgres(place / "quiet", durable=False) as postgres:
        with admin(postgres) as connection:
            connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'secret'")
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with psycopg.connect(plain(postgres.url("clerk", "secret", "postgres"))) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("clerk",)

    assert left_over("postgres", postgres.data) == []


def test_long_path_gets_a_short_socket(place: Path) -> None:
    deep = place / ("long" * 30)

    with Postgres(deep / "postgres", durable=False) as postgres:
        assert len(os.fsencode(postgres.socket_dir)) < 60
        assert postgres.is_ready()


def test_private_folder_is_used_by_its_owner_and_left_by_nobody(place: Path) -> None:
    private = place / "private"
    private.mkdir(mode=0o700)

    data = account.place(private / "postgres")

    # Root's servers run as `nobody`, who may not enter; anybody else's run as themselves.
    assert (data.parent == private) is (os.geteuid() != 0)


def test_server_in_a_private_folder_starts_as_whoever_we_are(place: Path) -> None:
    private = place / "closed"
    private.mkdir(mode=0o700)

    with Postgres(private / "postgres", durable=False) as postgres:
        assert postgres.is_ready()

    if postgres.data.parent != private:
        account.remove(postgres.data)


def test_first_start_that_was_cut_short_is_begun_anew(place: Path) -> None:
    data = account.own(place / "half")
    (data / "base").mkdir()
    (data / "postgresql.conf").write_text("half of it")

    with Postgres(data, durable=False) as postgres:
        assert postgres.is_ready()


def test_server_that_cannot_start_tells_the_end_of_its_log(place: Path) -> None:
    postgres = Postgres(place / "wrong", durable=False, settings={"shared_buffers": "nonsense"})

    with pytest.raises(NotStarted, match='invalid value for parameter "shared_buffers"'):
        postgres.start()
