"""Servers without the fix of CVE-2026-120154 are refused in production, told of in a demo."""

import pytest

from infra.db.floor import ServerTooOld, judge_server
from infra.db.migrate import upgrade
from infra.db.roles import MIGRATOR
from tests.conftest import Servers


@pytest.mark.parametrize("number", [150020, 160016, 170012, 180007, 180100, 190000])
def test_server_at_or_above_its_floor_is_taken(number: int) -> None:
    assert judge_server(number, refuse=True)


@pytest.mark.parametrize("number", [140050, 150019, 160015, 170011, 180006])
def test_older_server_is_refused_or_told_of(number: int) -> None:
    with pytest.raises(ServerTooOld, match=f"{number // 10000}.{number % 10000} is too old"):
        judge_server(number, refuse=True)

    assert not judge_server(number, refuse=False)


def test_migrations_do_not_run_on_a_server_that_is_refused(servers: Servers) -> None:
    with pytest.raises(ServerTooOld):  # the embedded server is 18.6
        upgrade(servers.url(MIGRATOR), servers.signer, refuse_old_server=True)
