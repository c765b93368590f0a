"""Texts that stand in the domain name system, where only whoever owns a domain can write them."""

from collections.abc import Sequence

from infra.errors import Unavailable

PATIENCE_S = 4.0
PORT = 53


class NoAnswer(Unavailable):
    """Nobody answers for this name at present, which says nothing about what stands there."""

    code = "dns_no_answer"


async def texts(name: str, servers: Sequence[str] = ()) -> list[str]:
    """
    The TXT records of a name; none if there is no such name. `servers`, as `address` or `address:port`, stand
    in for those of the machine.

    Raises:
        NoAnswer
    """
    # Loaded when it is asked for: most processes never are.
    from dns.asyncresolver import Resolver
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN

    resolver = Resolver(configure=not servers)
    if servers:
        split = [one.rpartition(":") if ":" in one else (one, "", str(PORT)) for one in servers]
        resolver.nameservers = [address for address, _, _ in split]
        resolver.nameserver_ports = {address: int(port) for address, _, port in split}
    try:
        found = await resolver.resolve(
            name, "TXT", lifetime=PATIENCE_S, search=False, raise_on_no_answer=False
        )
    except NXDOMAIN:
        return []
    except (DNSException, OSError):
        raise NoAnswer(name=name) from None
    return [b"".join(row.strings).decode("utf-8", "replace") for row in found.rrset or ()]
