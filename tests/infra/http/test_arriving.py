"""Bodies that stop half-way: nobody waits for them for ever, and whoever keeps sending is let finish."""

import asyncio
import time

import pytest

from infra.http import arriving
from infra.http.arriving import Arriving, BodyLate
from tests.infra.http.serving import BODY_WAIT_S

LENGTH = [(b"content-length", b"9")]


def part(size, more=True):
    return {"type": "http.request", "body": bytes(size), "more_body": more}


async def read(parts, *, headers=LENGTH, patience_s=0.2):
    """How many parts an app gets that reads on until the sender has gone; `parts` are (seconds before, part)."""
    given, got = iter(parts), 0

    async def receive():
        wait, message = next(given)
        await asyncio.sleep(wait)
        return message

    async def app(scope, receive, send):
        nonlocal got
        while (await receive())["type"] != "http.disconnect":
            got += 1

    await Arriving(app, patience_s=patience_s)({"type": "http", "headers": headers}, receive, None)
    return got


GONE = {"type": "http.disconnect"}


async def test_whoever_stops_half_way_is_not_waited_for():
    with pytest.raises(BodyLate) as late:
        await read([(0, part(1)), (5, part(1))])
    assert late.value.facts == {"within_s": 0}


async def test_a_byte_now_and_then_wins_no_time():
    with pytest.raises(BodyLate):
        await read([(0.03, part(1))] * 50)


async def test_who_keeps_sending_is_let_finish():
    assert await read([*[(0.03, part(2_000))] * 10, (0, part(0, more=False)), (0, GONE)]) == 11


async def test_all_in_all_there_is_an_end(monkeypatch):
    monkeypatch.setattr(arriving, "MOST_S", 0.1)
    with pytest.raises(BodyLate):
        await read([(0.03, part(2_000))] * 50)


async def test_whoever_goes_half_way_is_no_fault_of_ours():
    with pytest.raises(BodyLate):
        await read([(0, part(1)), (0, GONE)])


async def test_the_word_that_she_has_gone_may_take_long():
    assert await read([(0, part(1, more=False)), (0.25, GONE)]) == 1
    assert await read([(0.25, GONE)], headers=[]) == 0


async def ask(base, head, *, trickle=False):
    """(seconds until the server ended the connection, all that it said) to one who sends the beginning of a body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(base.rpartition(":")[2]))
    begun = time.monotonic()
    writer.write(head.replace(b"\n", b"\r\n") + b"\r\n")

    async def send_on():
        while trickle:
            writer.write(b"x")
            await asyncio.sleep(0.1)

    sending = asyncio.create_task(send_on())
    try:
        async with asyncio.timeout(30):
            said = await reader.read()
    finally:
        sending.cancel()
        writer.close()
    return time.monotonic() - begun, said


HALF = {
    "json": b"POST /orders HTTP/1.1\nHost: a\nContent-Type: application/json\nContent-Length: 1000\n\n{",
    "with a key": (
        b"POST /orders HTTP/1.1\nHost: a\nAuthorization: Bearer x\nIdempotency-Key: k\n"
        b"Content-Type: application/json\nContent-Length: 1000\n\n{"
    ),
    "form": b"POST /form HTTP/1.1\nHost: a\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 99\n\nword=",
    "file": (
        b"POST /file HTTP/1.1\nHost: a\nContent-Type: multipart/form-data; boundary=b\nContent-Length: 5000\n\n"
        b'--b\nContent-Disposition: form-data; name="photo"; filename="a.png"\n\n'
    ),
    "chunks": b'POST /orders HTTP/1.1\nHost: a\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n5\n{"nam',
}


async def test_over_a_socket(base):
    """All kinds of half bodies at once; a trickle as well, and a body for which nobody asks."""
    asks = [ask(base, head) for head in HALF.values()]
    asks += [ask(base, HALF["json"], trickle=True)]
    found = await asyncio.gather(*asks)
    for name, (took, said) in zip([*HALF, "trickle"], found, strict=True):
        assert said.startswith(b"HTTP/1.1 408 "), (name, said[:200])
        assert b"body_late" in said and b"connection: close" in said.lower(), (name, said)
        assert BODY_WAIT_S <= took < BODY_WAIT_S + 10, (name, took)
