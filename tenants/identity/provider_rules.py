"""What a sign-in provider is told by, and who may come in through it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from infra.errors import Invalid, Problem
from tenants.identity.provider_models import IdentityProvider, ProviderKind

VISIT_LASTS = timedelta(minutes=10)
TOKENS_KEPT = timedelta(days=1)
MOST_PROVIDERS = 10
MOST_DOMAINS = 20
MAX_NAME, MAX_ISSUER, MAX_CLIENT, MAX_SECRET = 60, 300, 200, 500
MAX_SESSION = 255
MAX_ACR, MOST_ACR = 200, 20
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+")
_DIRECTORY = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Entra's addresses for "any directory" sign anybody's token; the organisation's own directory has a number.
_ANY_DIRECTORY = frozenset({"common", "organizations", "consumers"})
GOOGLE = "https://accounts.google.com"


class Turned(StrEnum):
    """Why somebody who came back is not let in."""

    EXPIRED = "expired"  # too late, twice, or in another browser
    REFUSED_THERE = "refused_there"  # the provider, or she herself, said no
    NOT_ITS_ANSWER = "not_its_answer"  # the answer names another provider
    UNKNOWN = "unknown"  # an account that is connected to nobody
    HAS_LEFT = "has_left"
    TAKEN = "taken"  # the account is another person's already
    CLOSED = "closed"
    OTHER_ACCOUNT = "other_account"  # not the account of her who was asked
    TOO_WEAK = "too_weak"  # a way of signing in there that is not enough here


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has written about a provider, tidied. No secret: a public client, which proves itself by PKCE."""

    name: str
    kind: ProviderKind
    issuer: str
    client_id: str
    secret: str | None
    directory: str | None
    domains: list[str]


def told(
    kind: ProviderKind, *, name: str, issuer: str, client_id: str, secret: str, domains: Iterable[str]
) -> Told:
    """
    Raises:
        Invalid: with everything that is wrong, so that nobody has to send a form once for each field.
    """
    listed = list(domains)
    _all_of(
        lambda: _tidy("name", name, MAX_NAME),
        lambda: directory_of(kind, issuer_of(kind, issuer)),
        lambda: _tidy("client_id", client_id, MAX_CLIENT),
        lambda: secret_of(secret),
        lambda: domains_of(listed),
    )
    tidy_issuer = issuer_of(kind, issuer)
    return Told(
        name=_tidy("name", name, MAX_NAME),
        kind=kind,
        issuer=tidy_issuer,
        client_id=_tidy("client_id", client_id, MAX_CLIENT),
        secret=secret_of(secret),
        directory=directory_of(kind, tidy_issuer),
        domains=domains_of(listed),
    )


def _all_of(*checks: Callable[[], object]) -> None:
    problems: list[Problem] = []
    for check in checks:
        try:
            check()
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)


def secret_of(text: str) -> str | None:
    if len(text) > MAX_SECRET:
        raise Invalid(Problem("secret", "too_long", {"maximum": MAX_SECRET}))
    return text.strip() or None


def issuer_of(kind: ProviderKind, text: str) -> str:
    """
    The issuer as the provider writes it. What people copy is forgiven: the address of its description, blanks.

    Raises:
        Invalid: `missing`, `issuer_no_address`, `issuer_any_directory`, `too_long`.
    """
    found = GOOGLE if kind is ProviderKind.GOOGLE and not text.strip() else _tidy("issuer", text, MAX_ISSUER)
    found = found.removesuffix("/.well-known/openid-configuration")
    try:
        parts = urlsplit(found)
    except ValueError:
        raise Invalid(Problem("issuer", "issuer_no_address", {"found": found})) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise Invalid(Problem("issuer", "issuer_no_address", {"found": found}))
    if kind is ProviderKind.ENTRA and _ANY_DIRECTORY & set(parts.path.split("/")):
        raise Invalid(Problem("issuer", "issuer_any_directory", {"found": found}))
    return found


def directory_of(kind: ProviderKind, issuer: str) -> str | None:
    """The number of an Entra directory, which its tokens have to name."""
    if kind is not ProviderKind.ENTRA:
        return None
    found = _DIRECTORY.search(issuer)
    if found is None:
        raise Invalid(Problem("issuer", "issuer_any_directory", {"found": issuer}))
    return found[0].lower()


def domains_of(texts: Iterable[str]) -> list[str]:
    """
    Raises:
        Invalid: `domain_unusable`, `too_many_domains`.
    """
    found = []
    for text in texts:
        tidy = text.strip().removeprefix("@").lower().rstrip(".")
        if not tidy:
            continue
        try:
            ascii_form = tidy.encode("idna").decode()
        except UnicodeError:
            ascii_form = ""
        if not _DOMAIN.fullmatch(ascii_form):
            raise Invalid(Problem("domains", "domain_unusable", {"found": tidy}))
        found.append(ascii_form)
    if len(found) > MOST_DOMAINS:
        raise Invalid(Problem("domains", "too_many_domains", {"maximum": MOST_DOMAINS}))
    return sorted(set(found))


def may_join(address: str | None, *, is_verified: bool, domains: Iterable[str]) -> bool:
    """Whether whoever has this address at the provider may join by herself."""
    if address is None or not is_verified or address.count("@") != 1:
        return False
    return address.rpartition("@")[2].lower() in set(domains)


def acr_values(texts: Iterable[str]) -> list[str]:
    """
    Raises:
        Invalid: `too_long`, `too_many_acr`.
    """
    found = sorted({text.strip() for text in texts if text.strip()})
    if any(len(one) > MAX_ACR or not one.isprintable() or " " in one for one in found):
        raise Invalid(Problem("acr_values", "too_long", {"maximum": MAX_ACR}))
    if len(found) > MOST_ACR:
        raise Invalid(Problem("acr_values", "too_many_acr", {"maximum": MOST_ACR}))
    return found


def is_strong(row: IdentityProvider, acr: object) -> bool:
    """Whether what a token says of the way of signing in is enough for what is confidential."""
    return not row.acr_values or acr in row.acr_values


def provider_session(provider_id: UUID, session: str | None) -> str | None:
    """How a session of ours remembers the one at the provider that it began from."""
    return f"{provider_id}:{session[:MAX_SESSION]}" if session else None


def _tidy(field: str, text: str, most: int) -> str:
    tidy = " ".join(text.split())
    if not tidy:
        raise Invalid(Problem(field, "missing"))
    if len(tidy) > most:
        raise Invalid(Problem(field, "too_long", {"maximum": most}))
    return tidy
