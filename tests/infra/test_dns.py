"""What stands in the domain name system, asked of a real server on this machine."""

import pytest

from infra import dns
from tests.name_server import NameServer


@pytest.fixture(autouse=True)
def _fresh(names: NameServer) -> None:
    names.reset()


async def test_all_records_of_a_name_are_read(names: NameServer) -> None:
    names.texts["a.example.org"] = ["one", "two words", "x" * 450]
    found = await dns.texts("a.example.org", [names.address])
    assert sorted(found) == ["one", "two words", "x" * 450]


async def test_no_such_name_and_no_such_record_are_nothing(names: NameServer) -> None:
    names.empty.add("b.example.org")
    assert await dns.texts("b.example.org", [names.address]) == []
    assert await dns.texts("nowhere.example.org", [names.address]) == []


async def test_a_server_that_fails_says_nothing(names: NameServer) -> None:
    names.broken.add("c.example.org")
    with pytest.raises(dns.NoAnswer):
        await dns.texts("c.example.org", [names.address])


async def test_a_server_that_is_silent_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "PATIENCE_S", 0.2)
    with pytest.raises(dns.NoAnswer):
        await dns.texts("d.example.org", ["127.0.0.1:9"])


@pytest.mark.parametrize("name", ["a..b", "x" * 70 + ".org", ".".join(["y" * 60] * 5)])
async def test_a_name_that_is_none_says_nothing(names: NameServer, name: str) -> None:
    with pytest.raises(dns.NoAnswer):
        await dns.texts(name, [names.address])
