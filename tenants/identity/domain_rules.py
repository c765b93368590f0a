"""What proves that a domain is an organisation's own, and for how long."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from infra.errors import Conflict, Invalid, LimitReached, Problem
from tenants.identity.domain_models import Domain, Look
from tenants.identity.provider_rules import domains_of

LABEL = "_mentorweave"  # a name of its own, so that the record stands in nobody's way
BEGINNING = "mentorweave-domain="
MOST_NAMED = 20
# A record that is gone for a moment, while somebody moves a zone, shuts nobody out.
LAPSES_AFTER = timedelta(days=7)
MISSED_LETTER = "identity.domain_missed"
LAPSED_LETTER = "identity.domain_lapsed"


class DomainNamed(Conflict):
    code = "domain_named"


class TooManyDomains(LimitReached):
    code = "too_many_domains"


def name(text: str) -> str:
    """
    Raises:
        Invalid: `missing`, `domain_unusable`.
    """
    try:
        found = domains_of([text])
    except Invalid as error:
        raise Invalid(*(Problem("domain", one.code, one.facts) for one in error.problems)) from None
    if not found:
        raise Invalid(Problem("domain", "missing"))
    return found[0]


def place(domain: str) -> str:
    """The name at which the record has to stand."""
    return f"{LABEL}.{domain}"


def read(record: str, texts: Iterable[str]) -> Look:
    """What the texts at its place say about a record."""
    ours = [text.strip() for text in texts if text.strip().startswith(BEGINNING)]
    if record in ours:
        return Look.FOUND
    return Look.OTHER if ours else Look.MISSING


def lapses_at(domain: Domain) -> datetime | None:
    """When the proof ends if the record does not come back; None while it is there, and without a proof."""
    if domain.proved_at is None or domain.missing_since is None:
        return None
    return domain.missing_since + LAPSES_AFTER
