"""
Where a request comes from, as far as that can be believed.

Only a proxy that the settings name may say who stands behind it. Of
`X-Forwarded-For` we read from the right and stop at the first address that is
no trusted proxy: everything to its left was written by the client.
"""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from infra.http.asgi import ASGIApp, Receive, Scope, Send, fresh_state, header, headers, state

PROXIED = "came_by_trusted_proxy"
UNKNOWN = "unknown"


class Source:
    """Set `client` and `scheme` of the scope to those of the real client. Outermost of the wrappers."""

    def __init__(self, app: ASGIApp, trusted_proxies: Iterable[str] = ()) -> None:
        self._app = app
        self._trusted = [ip_network(network.strip(), strict=False) for network in trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            fresh_state(scope)
            self._believe(scope)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        peer = scope["client"][0] if scope.get("client") else UNKNOWN
        if not self._is_trusted(peer):
            return
        state(scope)[PROXIED] = True
        scope["client"] = (self._behind(peer, scope), 0)
        if (scheme := header(scope, "x-forwarded-proto")) in ("http", "https"):
            scope["scheme"] = scheme

    def _behind(self, peer: str, scope: Scope) -> str:
        hops = [hop.strip() for line in headers(scope, "x-forwarded-for") for hop in line.split(",")]
        for hop in reversed(hops):
            if not _is_address(hop):
                return peer
            if not self._is_trusted(hop):
                return hop
            peer = hop
        return peer

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def is_proxied(scope: Scope) -> bool:
    return PROXIED in state(scope)


def source(scope: Scope) -> str:
    """
    The client's address as a key for limits.

    An IPv6 client owns a /64 at least, so that is what counts as one source.
    """
    address = scope["client"][0] if scope.get("client") else UNKNOWN
    if not _is_address(address):
        return UNKNOWN
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
