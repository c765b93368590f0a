"""
Master keys in AWS KMS, which never leave it. KEY_PROVIDER_URL=aws-kms://region/key, where key is an id, an ARN or
alias/name; credentials are those of infra/aws.py.

Wrapped bytes are `kms1`, the length of the key's ARN in two bytes, the ARN, and what KMS answered. The context goes
along as its encryption context: KMS refuses another, and writes it to the account's own trail.
"""

import asyncio
import base64
import json
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from infra import aws, logs
from infra.crypto.errors import TamperedCiphertext
from infra.crypto.hierarchy import Context
from infra.keys.errors import KeyServiceUnavailable

if TYPE_CHECKING:
    import httpx2

log = logs.get("keys")
MARK = b"kms1"
TIMEOUT_S = 3.0
# Whoever cannot be told from an attacker's bytes, and of whom KMS says that the request can be repeated.
_TAMPERED = {"InvalidCiphertextException", "IncorrectKeyException"}
_BUSY = {
    "ThrottlingException",
    "TooManyRequestsException",
    "LimitExceededException",
    "DependencyTimeoutException",
    "KMSInternalException",
    "KeyUnavailableException",
}


class Kms:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._region, self._key = parts.netloc, parts.path.lstrip("/")
        if not self._region or not self._key:
            raise ValueError(url)
        # For a double in tests, or a private endpoint of the network.
        self._endpoint = parse_qs(parts.query).get(
            "endpoint", [f"https://kms.{self._region}.amazonaws.com/"]
        )[0]
        self._http: httpx2.AsyncClient | None = None
        self._account: str | None = None

    async def wrap(self, key: bytes, context: Context) -> bytes:
        answer = await self._ask(
            "Encrypt", {"KeyId": self._key, "Plaintext": _text(key), "EncryptionContext": dict(context)}
        )
        return _joined(answer["KeyId"], _bytes(answer["CiphertextBlob"]))

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        name, blob = _parted(wrapped)
        answer = await self._ask(
            "Decrypt",
            {
                "KeyId": await self._ours(name),
                "CiphertextBlob": _text(blob),
                "EncryptionContext": dict(context),
            },
        )
        return _bytes(answer["Plaintext"])

    async def rewrap(self, wrapped: bytes, context: Context) -> bytes:
        """Within KMS: the key is not seen by us."""
        name, blob = _parted(wrapped)
        answer = await self._ask(
            "ReEncrypt",
            {
                "SourceKeyId": await self._ours(name),
                "CiphertextBlob": _text(blob),
                "SourceEncryptionContext": dict(context),
                "DestinationKeyId": self._key,
                "DestinationEncryptionContext": dict(context),
            },
        )
        return _joined(answer["KeyId"], _bytes(answer["CiphertextBlob"]))

    async def newest(self) -> str:
        """The key that the configured name leads to now: an alias may lead to another one than last week."""
        answer = await self._ask("DescribeKey", {"KeyId": self._key})
        return f"aws-kms/{answer['KeyMetadata']['Arn']}"

    def master_of(self, wrapped: bytes) -> str:
        return f"aws-kms/{_parted(wrapped)[0]}"

    def made(self, wrapped: bytes) -> bool:
        return wrapped.startswith(MARK)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _ours(self, arn: str) -> str:
        """
        The ARN, if it is of our own account.

        It stands in bytes that somebody may have written anew; a key of her own account would open what she wrapped.
        """
        if self._account is None:
            self._account = _account(await self.newest())
        if _account(f"aws-kms/{arn}") != self._account:
            raise TamperedCiphertext(found="key_of_another_account")
        return arn

    async def _ask(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Asked once more, where KMS says that it is busy."""
        kind = ""
        for pause in (random.uniform(0.05, 0.2), None):  # noqa: S311  (spreads repeats; guards nothing)
            answer = await self._send(operation, body)
            if answer.is_success:
                return dict(answer.json())
            kind = _kind(answer)
            if kind in _TAMPERED:
                raise TamperedCiphertext(found="context")
            if kind not in _BUSY or pause is None:
                break
            await asyncio.sleep(pause)
        log.error("key service refused", service="aws-kms", operation=operation, kind=kind)
        raise KeyServiceUnavailable(found=f"aws-kms:{kind}")

    async def _send(self, operation: str, body: Mapping[str, Any]) -> "httpx2.Response":
        if self._http is None:
            self._http = aws.client(timeout_s=TIMEOUT_S)
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"TrentService.{operation}"}
        try:
            return await aws.send(
                self._http, "kms", self._region, "POST", self._endpoint,
                headers=headers, content=json.dumps(body).encode(), may_answer=frozenset({400, 500, 503}),
            )  # fmt: skip
        except aws.CloudServiceUnavailable as away:
            raise KeyServiceUnavailable(found="aws-kms") from away


def _kind(answer: "httpx2.Response") -> str:
    """The name of the error, which may come behind a namespace."""
    try:
        return str(answer.json().get("__type", "")).rpartition("#")[2]
    except (ValueError, AttributeError):
        return str(answer.status_code)


def _account(master: str) -> str:
    """Partition, region and account: arn:aws:kms:region:account."""
    return ":".join(master.split(":")[:5])


def _joined(arn: str, blob: bytes) -> bytes:
    return MARK + len(arn.encode()).to_bytes(2) + arn.encode() + blob


def _parted(wrapped: bytes) -> tuple[str, bytes]:
    end = 6 + int.from_bytes(wrapped[4:6])
    if not wrapped.startswith(MARK) or len(wrapped) <= end:
        raise TamperedCiphertext(found="format")
    try:
        return wrapped[6:end].decode(), wrapped[end:]
    except UnicodeDecodeError:
        raise TamperedCiphertext(found="format") from None


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
