"""
AWS KMS: Encrypt, Decrypt, ReEncrypt, DescribeKey over its JSON protocol (x-amz-json-1.1).

Checks Signature Version 4 from its description (docs.aws.amazon.com, "Create a signed AWS API request"), not with
the signer that our side uses; answers with the error names and bodies of the real service.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.infra.keys.doubles.serving import Answer, Double

REGION, ACCOUNT = "eu-central-1", "111122223333"
ACCESS, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class Refused(Exception):
    def __init__(self, kind: str, message: str | None = None, status: int = 400) -> None:
        self.answer: Answer = (status, {"__type": kind} | ({"message": message} if message else {}))


class KmsDouble(Double):
    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, bytes] = {}
        self.disabled: set[str] = set()
        self.aliases: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"aws-kms://{REGION}/alias/mentorweave?endpoint=http://127.0.0.1:{self.port}/"

    def make_key(self, alias: str = "alias/mentorweave", account: str = ACCOUNT) -> str:
        arn = f"arn:aws:kms:{REGION}:{account}:key/{os.urandom(8).hex()}"
        self.keys[arn], self.aliases[alias] = os.urandom(32), arn
        return arn

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            _check_signature(method, path, headers, body)
            operation = headers["x-amz-target"].removeprefix("TrentService.")
            self.asked.append(operation)
            asked = json.loads(body)
            return 200, getattr(self, f"_{operation}")(asked)
        except Refused as refused:
            return refused.answer

    def _Encrypt(self, asked: dict[str, Any]) -> dict[str, Any]:
        arn = self._key(asked["KeyId"])
        blob = self._wrapped(arn, base64.b64decode(asked["Plaintext"]), asked.get("EncryptionContext", {}))
        return {"CiphertextBlob": blob, "KeyId": arn, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}

    def _Decrypt(self, asked: dict[str, Any]) -> dict[str, Any]:
        arn, plaintext = self._opened(
            asked["CiphertextBlob"], asked.get("EncryptionContext", {}), asked.get("KeyId")
        )
        return {"Plaintext": base64.b64encode(plaintext).decode(), "KeyId": arn}

    def _ReEncrypt(self, asked: dict[str, Any]) -> dict[str, Any]:
        source, plaintext = self._opened(
            asked["CiphertextBlob"], asked.get("SourceEncryptionContext", {}), asked.get("SourceKeyId")
        )
        arn = self._key(asked["DestinationKeyId"])
        blob = self._wrapped(arn, plaintext, asked.get("DestinationEncryptionContext", {}))
        return {"CiphertextBlob": blob, "KeyId": arn, "SourceKeyId": source}

    def _DescribeKey(self, asked: dict[str, Any]) -> dict[str, Any]:
        arn = self._key(asked["KeyId"], may_be_disabled=True)
        return {
            "KeyMetadata": {"Arn": arn, "KeyId": arn.rpartition("/")[2], "Enabled": arn not in self.disabled}
        }

    def _key(self, name: str, *, may_be_disabled: bool = False) -> str:
        arn = self.aliases.get(name, name)
        if arn not in self.keys:
            raise Refused("NotFoundException", f"Key '{name}' does not exist")
        if arn in self.disabled and not may_be_disabled:
            raise Refused("DisabledException", f"{arn} is disabled.")
        return arn

    def _wrapped(self, arn: str, plaintext: bytes, context: dict[str, str]) -> str:
        nonce = os.urandom(12)
        name = arn.encode()
        sealed = AESGCM(self.keys[arn]).encrypt(nonce, plaintext, _canonical(context))
        return base64.b64encode(bytes([len(name)]) + name + nonce + sealed).decode()

    def _opened(self, blob: str, context: dict[str, str], wanted: str | None) -> tuple[str, bytes]:
        raw = base64.b64decode(blob)
        try:
            name, rest = raw[1 : 1 + raw[0]].decode(), raw[1 + raw[0] :]
            if name not in self.keys:
                raise Refused("InvalidCiphertextException")
            arn = self._key(name)
            if wanted is not None and self.aliases.get(wanted, wanted) != arn:
                raise Refused("IncorrectKeyException", "The key ID in the request does not identify a CMK")
            return arn, AESGCM(self.keys[arn]).decrypt(rest[:12], rest[12:], _canonical(context))
        except (InvalidTag, ValueError, IndexError):
            raise Refused("InvalidCiphertextException") from None


def _canonical(context: dict[str, str]) -> bytes:
    return json.dumps(context, sort_keys=True).encode()


def _check_signature(method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
    algorithm, _, rest = headers.get("authorization", "").partition(" ")
    if algorithm != "AWS4-HMAC-SHA256":
        raise Refused("MissingAuthenticationTokenException", "Missing Authentication Token")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    access, date, region, service, end = given["Credential"].split("/")
    if access != ACCESS:
        raise Refused("UnrecognizedClientException", "The security token included in the request is invalid.")
    names = given["SignedHeaders"].split(";")
    if not {"host", "x-amz-date", "x-amz-target"} <= set(names):
        raise Refused("InvalidSignatureException", "a header was not signed")
    request = "\n".join([
        method, path, "", *(f"{name}:{headers[name].strip()}" for name in names), "", ";".join(names),
        hashlib.sha256(body).hexdigest(),
    ])  # fmt: skip
    scope = f"{date}/{region}/{service}/{end}"
    text = "\n".join([algorithm, headers["x-amz-date"], scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in (date, region, service, end):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    made = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    if (region, service) != (REGION, "kms") or not hmac.compare_digest(made, given["Signature"]):
        raise Refused(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.",
        )
