"""
A POST that is sent twice acts once: `Idempotency-Key`, kept for 24 hours.

Only an answer below 400 is kept. A refusal has rolled back and left nothing
behind, so the same key may try again, with a better body too.

At most once: a process that dies between its commit and the note of it leaves
the key "running" until it expires, and a repetition gets 409. What became of
the first is then for the client to look up; acting again could double it.
"""

import hmac
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.asyncio import Redis
from redis.exceptions import RedisError

from infra import logs
from infra.errors import Conflict, Invalid, LimitReached, Unavailable
from infra.http.asgi import ASGIApp, Message, RawHeaders, Receive, Scope, Send, header

HEADER = "idempotency-key"
KEPT_S = 24 * 3600
MAX_REQUEST = 24 * 1024 * 1024  # bytes; a roster is sent with a key too, and may have 20 MB
MAX_BODY = 1024 * 1024  # bytes of an answer that is kept

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_NONCE_BYTES = 12  # NIST SP 800-38D, section 8.2
_NOT_KEPT = {b"set-cookie", b"date", b"content-length"}

log = logs.get("http")


class KeyInUse(Conflict):
    code = "key_in_use"


class KeyReused(Invalid):
    code = "key_reused"


class KeyMalformed(Invalid):
    code = "key_malformed"


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Entry(msgspec.Struct, frozen=True):
    """
    What is known of a key. No answer: its first request is still running, or was cut off.

    `claimant` is random. By it a claim that was written, but whose confirmation
    was lost on the way, is known again when the client library repeats it.
    """

    fingerprint: bytes
    answer: Answer | None = None
    claimant: bytes = msgspec.field(default_factory=lambda: os.urandom(8))


class Store(Protocol):
    async def claim(self, key: str, entry: Entry) -> Entry | None:
        """Write `entry` if the key is free and return None; otherwise return what stands there. Atomic."""

    async def keep(self, key: str, entry: Entry) -> None:
        """Replace the claim by its answer."""

    async def release(self, key: str) -> None: ...


class RedisStore:
    """
    Entries in Redis, encrypted, since an answer may hold what must not lie about there.

    `key` is 32 bytes.
    """

    def __init__(self, redis: Redis, key: bytes, *, kept_s: int = KEPT_S) -> None:
        self._redis = redis
        self._cipher = AESGCM(key)
        self._kept_s = kept_s

    async def claim(self, key: str, entry: Entry) -> Entry | None:
        found = await self._redis.set(key, self._seal(key, entry), nx=True, get=True, ex=self._kept_s)
        if not isinstance(found, bytes):
            return None
        standing = self._open(key, found)
        return None if standing.claimant == entry.claimant else standing

    async def keep(self, key: str, entry: Entry) -> None:
        await self._redis.set(key, self._seal(key, entry), ex=self._kept_s)

    async def release(self, key: str) -> None:
        await self._redis.delete(key)

    def _seal(self, key: str, entry: Entry) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, msgspec.msgpack.encode(entry), key.encode())

    def _open(self, key: str, sealed: bytes) -> Entry:
        plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], key.encode())
        return msgspec.msgpack.decode(plain, type=Entry)


class Idempotency:
    """
    Middleware of the API, after the one that knows the caller.

    `DefineMiddleware(Idempotency, store=..., caller=...)`. `caller(scope)` names
    who asks, organisation included; keys of different callers never meet. None
    means nobody in particular, and then the header does nothing.
    """

    def __init__(self, app: ASGIApp, store: Store, caller: Callable[[Scope], str | None]) -> None:
        self._app = app
        self._store = store
        self._caller = caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = header(scope, HEADER) if scope["type"] == "http" and scope["method"] == "POST" else None
        caller = self._caller(scope) if given is not None else None
        if given is None or caller is None:
            await self._app(scope, receive, send)
            return
        if not _KEY.fullmatch(given):
            raise KeyMalformed()
        if (body := await _whole(receive)) is None:
            return
        key = "idempotent:" + _digest(caller, given).hex()
        claim = Entry(_digest(given, scope["path"], scope["query_string"].decode("latin-1"), body.hex()))
        if (found := await self._claim(key, claim)) is not None:
            await _repeat(found, claim, send)
            return
        await self._first(key, claim, scope, _given_again(body, receive), send)

    async def _claim(self, key: str, claim: Entry) -> Entry | None:
        try:
            return await self._store.claim(key, claim)
        except RedisError as error:
            # To act without a note would break the promise that the caller asked for.
            raise Unavailable() from error

    async def _first(self, key: str, claim: Entry, scope: Scope, receive: Receive, send: Send) -> None:
        held = _Held(send, on_answer=lambda answer: self._settle(key, claim, answer))
        try:
            await self._app(scope, receive, held)
        except Exception:
            if not held.is_settled:
                await self._release(key)
            raise

    async def _settle(self, key: str, claim: Entry, answer: Answer) -> None:
        if answer.status >= 400:
            await self._release(key)
            return
        try:
            await self._store.keep(key, Entry(claim.fingerprint, answer))
        except RedisError:
            # It has happened: the first caller must hear so. A second one gets 409 from the claim that stays.
            log.exception("idempotency.not_kept")

    async def _release(self, key: str) -> None:
        try:
            await self._store.release(key)
        except RedisError:
            log.exception("idempotency.not_released")


@dataclass(slots=True)
class _Held:
    """A `send` that holds the answer back until it is whole and noted. A long one goes out unheld and unkept."""

    send: Send
    on_answer: Callable[[Answer], Awaitable[None]]
    start: Message = None
    body: bytearray = field(default_factory=bytearray)
    is_settled: bool = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        is_whole = not message.get("more_body", False)
        if is_whole or len(self.body) > MAX_BODY:
            await self._let_go(is_whole)

    async def _let_go(self, is_whole: bool) -> None:
        self.is_settled = True
        start, self.start = self.start, None
        if is_whole:
            kept = [(n, v) for n, v in start["headers"] if n.lower() not in _NOT_KEPT]
            await self.on_answer(Answer(start["status"], kept, bytes(self.body)))
        await self.send(start)
        await self.send({"type": "http.response.body", "body": bytes(self.body), "more_body": not is_whole})


async def _repeat(found: Entry, claim: Entry, send: Send) -> None:
    if not hmac.compare_digest(found.fingerprint, claim.fingerprint):
        raise KeyReused()
    if found.answer is None:
        raise KeyInUse()
    answer = found.answer
    headers: RawHeaders = [
        *answer.headers,
        (b"content-length", str(len(answer.body)).encode()),
        (b"idempotent-replayed", b"true"),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})


async def _whole(receive: Receive) -> bytes | None:
    """The body, or None when the client has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_REQUEST:
            raise LimitReached(max_bytes=MAX_REQUEST)
        if not message.get("more_body", False):
            return bytes(body)


def _given_again(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _digest(*parts: str) -> bytes:
    # Each part with its length before it, so that no two lists of parts read alike.
    joined = b"".join(len(raw).to_bytes(8) + raw for raw in (part.encode() for part in parts))
    return hmac.digest(b"idempotency", joined, "sha256")
