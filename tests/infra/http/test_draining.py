"""A refusal reads on for a while, and not for ever."""

from infra.http import draining
from infra.http.draining import Draining


async def refuse(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 413, "headers": []})


async def read_by(app, chunks, headers):
    given = iter(chunks)
    count = 0

    async def receive():
        nonlocal count
        count += 1
        return next(given)

    async def send(message):
        return None

    await app({"type": "http", "headers": headers}, receive, send)
    return count


def part(size, more=True):
    return {"type": "http.request", "body": bytes(size), "more_body": more}


LENGTH = [(b"content-length", b"9")]


async def test_rest_of_the_body_is_read():
    assert await read_by(Draining(refuse), [part(1), part(1), part(1, more=False), part(9)], LENGTH) == 3


async def test_reading_stops_when_the_client_has_gone():
    assert await read_by(Draining(refuse), [part(1), {"type": "http.disconnect"}, part(9)], LENGTH) == 2


async def test_reading_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(draining, "MAX_BYTES", 10)

    assert await read_by(Draining(refuse), [part(1)] + [part(6)] * 9, LENGTH) == 3


async def test_request_without_a_body_is_left_alone():
    assert await read_by(Draining(refuse), [part(0)], []) == 1
