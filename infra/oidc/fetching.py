"""
Asking a server whose address somebody typed in, without becoming her way into our own network.

A name is resolved here, every address that it has must be a public one, and the connection goes to exactly the
address that was looked at: a name that answers otherwise the next time gains nothing. No redirects, no proxies from the
environment, 64 KiB, five seconds.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from infra.oidc.errors import Mistake, ProviderWrong

LARGEST = 64 * 1024
PATIENCE_S = 5.0
AT_ONCE = (
    8  # conversations with providers in one process: a slow one must not take all connections to the database
)
_turns = asyncio.Semaphore(AT_ONCE)


class Guarded(httpx2.AsyncBaseTransport):
    """Looks at every address before it connects to it; `may_be_private` is for the demo and tests alone."""

    def __init__(self, *, may_be_private: bool = False) -> None:
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)
        self._may_be_private = may_be_private

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        if request.url.scheme != "https" and not self._may_be_private:
            raise ProviderWrong(Mistake.NOT_HTTPS, found=str(request.url.copy_with(query=None)))
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = await self._address(host, port)
        # The certificate is still judged by the name, not by the address.
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        async with _turns:
            response = await self._inner.handle_async_request(request)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Limited(response.stream),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _address(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise ProviderWrong(Mistake.UNKNOWN_HOST, found=host) from None
        addresses = [str(one[4][0]) for one in found]
        if not self._may_be_private and not all(is_public(one) for one in addresses):
            raise ProviderWrong(Mistake.PRIVATE_ADDRESS, found=host)
        return addresses[0]


class _Limited(httpx2.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._inner:
            read += len(part)
            if read > LARGEST:
                raise ProviderWrong(Mistake.TOO_LARGE, most=LARGEST)
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


def is_public(address: str) -> bool:
    """Whether a machine on the open internet may have this address, also written as one within another."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inside is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast


def client(*, may_be_private: bool = False) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=Guarded(may_be_private=may_be_private),
        timeout=PATIENCE_S,
        follow_redirects=False,
        trust_env=False,
        headers={"accept": "application/json"},
    )


async def get_json(
    address: str, *, bearer: str | None = None, may_be_private: bool = False
) -> dict[str, Any]:
    """
    The JSON object at an address; `bearer` is a token that opens it.

    Raises:
        ProviderWrong: it cannot be reached, or is no such thing.
    """
    proof = {"authorization": f"Bearer {bearer}"} if bearer else {}
    async with client(may_be_private=may_be_private) as http:
        try:
            async with asyncio.timeout(PATIENCE_S):
                response = await http.get(address, headers=proof)
        except (httpx2.TransportError, TimeoutError):
            raise ProviderWrong(Mistake.UNREACHABLE, found=address) from None
        except (httpx2.InvalidURL, UnicodeError):
            raise ProviderWrong(Mistake.UNKNOWN_HOST, found=address) from None
    if response.status_code != 200:
        raise ProviderWrong(Mistake.NO_DISCOVERY, found=address, status=response.status_code)
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderWrong(Mistake.NOT_JSON, found=address)
    return found
