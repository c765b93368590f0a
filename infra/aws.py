"""
Signed requests to services that speak AWS's Signature Version 4: S3 and what is made after it, and KMS.

botocore signs (its auth module alone), httpx2 carries. Nothing is imported before the first request, so that an
installation without such a service holds none of it in memory.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from infra import errors, logs

if TYPE_CHECKING:
    import httpx2

Service = Literal["s3", "kms"]
log = logs.get("aws")


class CloudServiceUnavailable(errors.Unavailable):
    """The service did not answer, was busy, or refused; `status` is None where there was no answer."""

    code = "cloud_service_unavailable"


@dataclass(frozen=True, slots=True)
class Access:
    """What proves who asks. `token` comes with keys that are lent for an hour or so."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


async def access(env: Mapping[str, str] = os.environ) -> Access:
    """
    The keys of this process: from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else wherever botocore finds some.

    Those may be files, a role of the machine or of the container; botocore fetches them anew before they end, so
    ask for each request.

    Raises:
        CloudServiceUnavailable: there are none.
    """
    if "AWS_ACCESS_KEY_ID" in env:
        return Access(
            env["AWS_ACCESS_KEY_ID"], env.get("AWS_SECRET_ACCESS_KEY", ""), env.get("AWS_SESSION_TOKEN")
        )
    # It may ask a server of the machine's keeper, and waits for it.
    return await asyncio.to_thread(_lent)


@cache
def _lender() -> Any:
    from botocore.session import Session  # type: ignore[import-untyped]  # botocore brings no types

    return Session().get_credentials()


def _lent() -> Access:
    from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]  # botocore brings no types

    try:
        lender = _lender()
        if lender is None:
            raise CloudServiceUnavailable(status=None, reason="no_credentials")
        found = lender.get_frozen_credentials()
    except BotoCoreError as error:
        raise CloudServiceUnavailable(status=None, reason=type(error).__name__) from error
    return Access(found.access_key, found.secret_key, found.token)


def signed(
    keys: Access,
    service: Service,
    region: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes,
) -> dict[str, str]:
    """
    The headers to send: those given, and the moment, the digest of the body and the signature over all of them.

    `url` is signed as it stands: quote the path of an object before, once.
    """
    from botocore.auth import S3SigV4Auth, SigV4Auth  # type: ignore[import-untyped]  # botocore brings no types
    from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]  # botocore brings no types
    from botocore.credentials import Credentials  # type: ignore[import-untyped]  # botocore brings no types

    request = AWSRequest(method=method, url=url, data=content, headers=dict(headers))
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(keys.access_key, keys.secret_key, keys.token), service, region).add_auth(request)
    return dict(request.headers.items())


def client(*, timeout_s: float = 10.0) -> "httpx2.AsyncClient":
    """A client that follows nobody elsewhere: a signature is for one address."""
    import httpx2

    return httpx2.AsyncClient(timeout=timeout_s, trust_env=False, follow_redirects=False)


async def send(
    http: "httpx2.AsyncClient",
    service: Service,
    region: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    may_answer: frozenset[int] = frozenset(),
) -> "httpx2.Response":
    """
    The answer to a signed request; a status of 400 and more only where `may_answer` names it.

    Raises:
        CloudServiceUnavailable: no answer, or another status.
    """
    import httpx2

    made = signed(await access(), service, region, method, url, headers=headers or {}, content=content)
    try:
        response = await http.request(method, url, headers=made, content=content)
    except (httpx2.TransportError, TimeoutError) as error:
        raise CloudServiceUnavailable(status=None, reason=type(error).__name__) from error
    if response.is_success or response.status_code in may_answer:
        return response
    # The body names keys and buckets: it is for the operator's log, not for who asked.
    log.warning(
        "cloud service refused", service=service, status=response.status_code, said=response.text[:300]
    )
    raise CloudServiceUnavailable(status=response.status_code, reason="refused")
