"""A name server on this machine that knows what a test tells it, and speaks the real protocol over a real socket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dns import flags, message, rcode, rdatatype, rrset


@dataclass
class NameServer:
    """`texts` are TXT records by name; a name in `broken` is answered with SERVFAIL, any other with NXDOMAIN."""

    address: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)  # there, and without a record of this kind
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.texts.clear()
        self.empty.clear()
        self.broken.clear()
        self.asked.clear()

    def answer(self, raw: bytes) -> bytes:
        query = message.from_wire(raw)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        reply = message.make_response(query)
        reply.flags |= flags.AA
        if name in self.broken:
            reply.set_rcode(rcode.SERVFAIL)
        elif name in self.texts and question.rdtype == rdatatype.TXT:
            # A record is a list of strings of at most 255 bytes.
            rows = [
                " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
                for text in self.texts[name]
            ]
            reply.answer.append(rrset.from_text(question.name, 60, "IN", "TXT", *rows))
        elif name not in self.empty:
            reply.set_rcode(rcode.NXDOMAIN)
        return reply.to_wire()


@contextmanager
def running() -> Iterator[NameServer]:
    server = NameServer()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        server.address = f"127.0.0.1:{listening.getsockname()[1]}"

        def serve() -> None:
            while True:
                raw, asker = listening.recvfrom(4096)
                if raw == b"stop":
                    return
                listening.sendto(server.answer(raw), asker)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
                ending.sendto(b"stop", listening.getsockname())
            thread.join()
