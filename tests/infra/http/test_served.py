"""The whole of infra/http as a client of a real Granian sees it."""

import asyncio
import json

import httpx
import pytest

from infra import progress

PNG_BYTES = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.fixture
async def http(base, redis):
    async with httpx.AsyncClient(base_url=base, timeout=10) as client:
        yield client


ANSWERS = {
    "/number/1": 200,
    "/number/1?limit=9": 422,
    "/no-such": 404,
    "/number/x": 404,
    "/bug": 500,
    "/escape": 500,
    "/": 200,
}


@pytest.mark.parametrize("path", ANSWERS)
async def test_every_answer_wears_the_headers(http, path):
    answer = await http.get(path)

    assert answer.status_code == ANSWERS[path]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["cache-control"] == "no-store"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert len(answer.headers["x-request-id"]) == 36
    assert "secret" not in answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_wrong_method_wears_them_too(http):
    answer = await http.delete("/number/1")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, OPTIONS"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_head_of_nothing_is_a_bare_404(http):
    answer = await http.head("/no-such")

    assert (answer.status_code, answer.content) == (404, b"")


async def test_nonce_is_new_for_each_page_and_stands_in_both_places(http):
    first, second = [await http.get("/"), await http.get("/")]

    policy = first.headers["content-security-policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in first.text
    assert f"style-src 'self' 'nonce-{nonce}'" in policy
    assert nonce not in second.headers["content-security-policy"]


async def test_problem_speaks_the_readers_language(http):
    answer = await http.get("/no-such", headers={"accept-language": "fr"})

    assert answer.headers["content-language"] == "fr"


async def test_request_id_of_a_trusted_proxy_is_kept_if_it_is_sane(http):
    kept = await http.get("/clock", headers={"x-request-id": "abc-12345678"})
    made = await http.get("/clock", headers={"x-request-id": "a b\tc<script>"})

    assert kept.headers["x-request-id"] == "abc-12345678"
    assert len(made.headers["x-request-id"]) == 36


async def test_limit_is_told_and_kept(http):
    answers = [await http.get("/limited") for _ in range(4)]

    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"api";q=3;w=60'
    assert answers[0].headers["ratelimit"] == '"api";r=2;t=20'
    assert answers[3].headers["ratelimit"] == '"api";r=0;t=60'
    assert answers[3].headers["retry-after"] == "20"
    assert answers[3].json()["facts"] == {"retry_after_s": 20}


async def test_source_is_the_nearest_address_that_no_proxy_of_ours_has(http):
    forged = [
        await http.get("/limited", headers={"x-forwarded-for": f"10.9.9.{n}, 203.0.113.7, 127.0.0.5"})
        for n in range(4)
    ]
    other = await http.get("/limited", headers={"x-forwarded-for": "203.0.113.8"})

    assert [a.status_code for a in forged] == [200, 200, 200, 429]
    assert other.status_code == 200


async def test_list_is_walked_by_its_links(http):
    found, address, pages = [], "/list?limit=50", 0
    while address:
        answer = await http.get(address)
        found += answer.json()
        pages += 1
        following = answer.links.get("next")
        address = "/list" + following["url"] if following else None

    assert found == list(range(120))
    assert pages == 3


@pytest.mark.parametrize(
    "query", ["cursor=zzz", "cursor=%C3%A9", "cursor=WyJ4Il0", "limit=201", "limit=0", "limit=x"]
)
async def test_unusable_paging_is_named(http, query):
    answer = await http.get(f"/list?{query}")

    assert answer.status_code == 422
    assert query.split("=")[0] in json.dumps(answer.json()["errors"])


async def test_file_comes_back_as_an_attachment(http):
    answer = await http.post("/file", files={"photo": ("../Zoë\u202egnp.png", PNG_BYTES, "text/html")})

    assert answer.status_code == 200
    assert answer.content == PNG_BYTES
    assert answer.headers["content-type"] == "image/png"
    assert (
        answer.headers["content-disposition"]
        == "attachment; filename=\"Zoegnp.png\"; filename*=UTF-8''Zo%C3%ABgnp.png"
    )


async def test_file_of_another_kind_is_refused_by_its_bytes(http):
    answer = await http.post("/file", files={"photo": ("a.png", b"<svg onload=alert(1)>", "image/png")})

    assert answer.status_code == 422
    assert answer.json()["errors"][0] | {"detail": ""} == {
        "pointer": "#/photo",
        "code": "upload_wrong_kind",
        "facts": {"found": "text", "expected": ["png"]},
        "detail": "",
    }


async def test_too_large_a_body_is_refused_announced_or_not(http):
    large = {"photo": ("a.png", PNG_BYTES + bytes(400_000))}
    announced = await http.post("/file", files=large)

    whole = httpx.Request("POST", "http://x", files=large)
    body = whole.read()

    async def chunks():
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    kind = {"content-type": whole.headers["content-type"]}
    streamed = await http.post("/file", content=chunks(), headers=kind)

    assert "content-length" not in streamed.request.headers
    assert [(a.status_code, a.json()["code"]) for a in (announced, streamed)] == [(413, "too_large")] * 2


async def test_answer_to_a_body_that_nobody_reads_arrives(http):
    answers = [await http.post("/no-such", content=bytes(3_000_000)) for _ in range(10)]

    assert [answer.status_code for answer in answers] == [404] * 10


async def events_of(http, path, until):
    lines = []
    async with http.stream("GET", path) as answer:
        async for line in answer.aiter_lines():
            lines.append(line)
            if until in line:
                break
    return answer, lines


async def test_progress_reaches_the_page_and_ends(http, redis):
    await progress.publish(redis, "run-1", "reading", 10)

    async def work():
        await asyncio.sleep(0.3)
        await progress.publish(redis, "run-1", "matching", 50)
        await asyncio.sleep(0.3)
        await progress.publish(redis, "run-1", "done", 100)

    working = asyncio.create_task(work())
    answer, lines = await events_of(http, "/progress/run-1", "event: end")
    await working

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert [x for x in lines if x.startswith("data: ") and x != "data: "] == [
        "data: reading 10",
        "data: matching 50",
        "data: done 100",
    ]
    assert ":" in lines


async def left(redis):
    """How many watch still. None at once, but for a machine that is busy with other things."""
    for _ in range(300):
        if await redis.get("watchers") == b"0":
            break
        await asyncio.sleep(0.1)
    return await redis.get("watchers")


async def test_stream_lets_go_when_the_reader_leaves(http, redis):
    await events_of(http, "/progress/run-2", ":")

    assert await left(redis) == b"0"
    assert await redis.pubsub_numsub("run-2") == [(b"run-2", 0)]


async def test_stream_ends_by_itself_without_an_end_event(http, redis):
    answer, lines = await events_of(http, "/progress/run-3?lasts=0.5", "event: end")

    assert answer.is_closed
    assert "event: end" not in lines
    assert await left(redis) == b"0"
