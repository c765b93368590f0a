"""
What proves who somebody is, and for how long.

Signing in takes two of three things: the link of the letter, the code of the
letter, the browser that asked for it. See docs/decisions/0003-sign-in-by-link.md.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from infra.errors import Invalid, Problem
from tenants.identity.models import SignInLink
from tenants.permissions import Permission, Role

PURPOSE = "sign-in"  # of the signed token in a link
LINK_LASTS = timedelta(minutes=15)
CODE_TRIES = 5  # wrong codes for one link
# Wrong codes for one address a day, over all links and forms. An attacker who keeps asking needs 190 years for an even chance at one
# account; its owner still gets in, by the link in the browser that asked.
CODE_TRIES_A_DAY = 10
SEEN_EACH = timedelta(minutes=1)
CODES_COUNTED = timedelta(days=1)
LINKS_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=30)
TOKEN_LASTS = timedelta(days=90)
TOKEN_LASTS_MOST = timedelta(days=366)
MAX_NAME = 80  # of a token or a passkey
MAX_DEVICE = 60

_TOKEN = re.compile(r"mw_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")


class Refusal(StrEnum):
    """Why somebody is not let in."""

    EXPIRED = "expired"  # or unknown, or of somebody who has left: not told apart
    USED = "used"
    NEEDS_CODE = "needs_code"
    WRONG_CODE = "wrong_code"
    CODES_USED_UP = "codes_used_up"


@dataclass(frozen=True, slots=True)
class Lifetime:
    idle: timedelta
    absolute: timedelta


# OWASP ASVS 5.0, 7.3: both limits, after a risk analysis. Everybody here reads what was told in confidence.
_STRICT = Lifetime(timedelta(minutes=30), timedelta(hours=12))
LIFETIMES: dict[Role, Lifetime] = dict.fromkeys(Role, _STRICT)


def lifetime(roles: Iterable[Role]) -> Lifetime:
    """How long a session of somebody with these roles lasts: the shortest of each limit."""
    limits = [LIFETIMES[role] for role in roles] or [_STRICT]
    return Lifetime(min(one.idle for one in limits), min(one.absolute for one in limits))


def works_here(permissions: Iterable[Permission]) -> bool:
    """Whether somebody does more than take part: of her an organisation may demand a passkey."""
    return bool(set(permissions) - {Permission.OWN_CASE, Permission.PROGRAMME_READ})


def digest(secret: str) -> bytes:
    """What is stored of a secret. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def closed(link: SignInLink | None, now: datetime) -> Refusal | None:
    """Why a link opens nothing any more; None while it does."""
    if link is None:
        return Refusal.EXPIRED
    if link.used_at is not None:
        return Refusal.USED
    return Refusal.EXPIRED if link.expires_at <= now else None


def is_same(asked: bytes | None, brought: bytes | None) -> bool:
    """Whether the browser that brings the proof is the one that asked, by their digests."""
    return asked is not None and brought is not None and hmac.compare_digest(asked, brought)


def needs_code(link: SignInLink, *, has_link: bool, is_same_browser: bool) -> bool:
    """Whether the code has to be typed as the second proof. A link that the house handed over needs none."""
    was_handed_over = link.email is None
    return not (has_link and (is_same_browser or was_handed_over))


def code(text: str) -> str:
    """The digits of a code as typed: blanks are nothing, and the digits of any script count."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if unicodedata.digit(sign, None) is not None)


def write_token(organisation_id: UUID, secret: str) -> str:
    """An API token: it names its organisation, so that it can be found in it and nowhere else."""
    return f"mw_{organisation_id.hex}_{secret}"


def read_token(text: str) -> tuple[UUID, str] | None:
    """Organisation and secret of an API token; None if it is not one."""
    found = _TOKEN.fullmatch(text)
    return (UUID(hex=found[1]), found[2]) if found else None


def token_permissions(wanted: Iterable[str], held: frozenset[Permission]) -> list[Permission]:
    """
    Raises:
        Invalid: a permission that does not exist, or that the maker herself does not hold.
    """
    chosen = sorted(set(wanted))
    unknown = [one for one in chosen if one not in held]
    if unknown or not chosen:
        raise Invalid(Problem("permissions", "permissions_not_held", {"found": unknown}))
    return [Permission(one) for one in chosen]


def name(text: str) -> str:
    """
    What somebody calls a token or a passkey.

    Raises:
        Invalid: `missing` or `too_long`.
    """
    tidy = " ".join(text.split())
    if not tidy:
        raise Invalid(Problem("name", "missing"))
    if len(tidy) > MAX_NAME:
        raise Invalid(Problem("name", "too_long", {"maximum": MAX_NAME}))
    return tidy


def token_expiry(wanted: datetime | None, now: datetime) -> datetime:
    """
    Raises:
        Invalid: in the past, or further away than a year, or without a zone.
    """
    if wanted is None:
        return now + TOKEN_LASTS
    if wanted.tzinfo is None:
        raise Invalid(Problem("expires_at", "bad_format"))
    if not now < wanted <= now + TOKEN_LASTS_MOST:
        raise Invalid(Problem("expires_at", "token_lasts_too_long", {"days": TOKEN_LASTS_MOST.days}))
    return wanted


# In this order: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"),
            ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str) -> str | None:
    """A browser and a system by name, for its owner to know it again; no more than that is kept."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    return ", ".join(part for part in (browser, system) if part)[:MAX_DEVICE] or None
