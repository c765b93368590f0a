"""A typed-in address never leads into our own network, and never keeps us waiting or reading for long."""

import socket
from collections.abc import Iterator

import pytest

from infra.oidc import fetching
from infra.oidc.errors import Mistake, ProviderWrong
from tests import signing_in
from tests.signing_in import Provider

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fd00::1",
    "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with signing_in.running() as one:
        yield one


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str) -> None:
    assert not fetching.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert fetching.is_public(address)


async def why(address: str, *, may_be_private: bool = False) -> Mistake:
    with pytest.raises(ProviderWrong) as wrong:
        await fetching.get_json(address, may_be_private=may_be_private)
    return wrong.value.why


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
    ],
)
async def test_our_own_network_is_not_asked(address: str) -> None:
    assert await why(address) in (Mistake.PRIVATE_ADDRESS, Mistake.UNKNOWN_HOST)


async def test_a_name_with_one_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(address: str) -> tuple[object, ...]:
        return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))

    async def resolve(*_asked: object, **_more: object) -> list[tuple[object, ...]]:
        return [answer("1.1.1.1"), answer("10.0.0.1")]

    guarded = fetching.Guarded()
    monkeypatch.setattr(
        "asyncio.get_running_loop", lambda: type("Loop", (), {"getaddrinfo": staticmethod(resolve)})
    )
    with pytest.raises(ProviderWrong) as wrong:
        await guarded._address("both.example.org", 443)
    assert wrong.value.why is Mistake.PRIVATE_ADDRESS


async def test_plain_http_is_not_asked(provider: Provider) -> None:
    assert await why(provider.issuer) is Mistake.NOT_HTTPS
    assert provider.asked == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/away", Mistake.NO_DISCOVERY),
        ("/large", Mistake.TOO_LARGE),
        ("/page", Mistake.NOT_JSON),
        ("/nothing", Mistake.NO_DISCOVERY),
    ],
)
async def test_what_is_no_description(provider: Provider, path: str, expected: Mistake) -> None:
    assert await why(provider.issuer.removesuffix("/realm") + path, may_be_private=True) is expected
    provider.asked.clear()
