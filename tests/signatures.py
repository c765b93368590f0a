"""Checks AWS's Signature Version 4 as a service does, written from its description and not with the signer's code."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request), "
    r"?SignedHeaders=(?P<signed>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
SKEW_S = 900


def why_refused(
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Mapping[str, str],
    service: str,
    region: str,
    now: datetime | None = None,
) -> str:
    """Why a service would refuse the request, or nothing. `headers` have lower-case names, `target` is path and query."""
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found:
        return "no signature"
    if found["key"] not in secrets:
        return "unknown key"
    if (found["service"], found["region"]) != (service, region):
        return "signed for another service or region"
    signed = found["signed"].split(";")
    if "host" not in signed or not {name for name in headers if name.startswith("x-amz-")} <= set(signed):
        return "a header that matters is not signed"
    moment = headers.get("x-amz-date", "")
    at = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(((now or datetime.now(UTC)) - at).total_seconds()) > SKEW_S or not moment.startswith(found["day"]):
        return "too old"
    digest = hashlib.sha256(body).hexdigest()
    if service == "s3" and headers.get("x-amz-content-sha256") != digest:
        return "another body"
    parts = urlsplit(target)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    canonical = "\n".join(
        (
            method,
            quote(unquote(parts.path), safe="/-_.~"),
            "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
            "",
            found["signed"],
            digest,
        )
    )
    told = "\n".join(
        ("AWS4-HMAC-SHA256", moment, found["scope"], hashlib.sha256(canonical.encode()).hexdigest())
    )
    key = f"AWS4{secrets[found['key']]}".encode()
    for part in found["scope"].split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    expected = hmac.digest(key, told.encode(), "sha256").hex()
    return "" if hmac.compare_digest(expected, found["signature"]) else "another signature"
