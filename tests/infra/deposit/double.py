"""A bucket that speaks S3's HTTP as far as a deposit needs it, checks every signature, and can be out of order."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.signatures import why_refused

KEY, SECRET, REGION, BUCKET = "AKIADOUBLE", "a secret/with+signs", "eu-test-1", "kept-notes"
ONE_PAGE = 3


class Double:
    """`texts` are by name; `refused` says why requests were turned away; `broken` is a status to answer with instead."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self.refused: list[str] = []
        self.asked: list[str] = []
        self.broken = 0
        self.endpoint = ""

    @property
    def url(self) -> str:
        """As an operator writes it."""
        return f"s3://{BUCKET}/trail?region={REGION}&endpoint={self.endpoint}"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        self.asked.append(f"{method} {target}")
        if self.broken:
            return self.broken, b"<Error><Code>SlowDown</Code></Error>"
        refused = why_refused(
            method, target, headers, body, secrets={KEY: SECRET}, service="s3", region=REGION
        )
        if refused:
            self.refused.append(refused)
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        parts = urlsplit(target)
        bucket, _, name = unquote(parts.path).removeprefix("/").partition("/")
        if bucket != BUCKET:
            return 404, b"<Error><Code>NoSuchBucket</Code></Error>"
        if method == "PUT":
            return self._put(name, headers, body)
        if name:
            return (200, self.texts[name]) if name in self.texts else (404, b"<Error/>")
        return 200, self._list({key: values[0] for key, values in parse_qs(parts.query).items()})

    def _put(self, name: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if headers["content-md5"] != base64.b64encode(hashlib.md5(body).digest()).decode():
            return 400, b"<Error><Code>BadDigest</Code></Error>"
        if headers.get("if-none-match") == "*" and name in self.texts:
            return 412, b"<Error><Code>PreconditionFailed</Code></Error>"
        self.texts[name] = body
        return 200, b""

    def _list(self, asked: dict[str, str]) -> bytes:
        assert asked["list-type"] == "2" and asked["encoding-type"] == "url"
        after = asked.get("continuation-token", "").removeprefix("after&")
        names = sorted(name for name in self.texts if name.startswith(asked["prefix"]) and name > after)
        page, more = names[:ONE_PAGE], names[ONE_PAGE:]
        listed = "".join(f"<Contents><Key>{quote(name, safe='/')}</Key></Contents>" for name in page)
        token = f"<NextContinuationToken>after&amp;{page[-1]}</NextContinuationToken>" if more else ""
        return f"<ListBucketResult>{listed}{token}</ListBucketResult>".encode()


@contextmanager
def double() -> Iterator[Double]:
    made = Double()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = made.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = _answer

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
