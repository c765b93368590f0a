"""A double on a port of its own, in a thread: real HTTP, and failures on demand."""

import json
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Answer = tuple[int, dict[str, Any] | None]


class Double(AbstractContextManager["Double"]):
    """`failing` answers are given first, one a request; a status of 0 hangs up instead."""

    def __init__(self) -> None:
        self.failing: list[Answer] = []
        self.asked: list[str] = []
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: else each answer waits 40 ms for the reader's nod

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, told = double._given(self.command, self.path, dict(self.headers.items()), body)
                if status == 0:
                    self.close_connection = True
                    return
                content = b"" if told is None else json.dumps(told).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Nothing: the tests look at what was asked."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        raise NotImplementedError

    def _given(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self.failing:
            return self.failing.pop(0)
        return self.answer(method, path, {name.lower(): value for name, value in headers.items()}, body)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
