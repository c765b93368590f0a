"""What is sent twice acts once, and a refused or failed request changes nothing."""

import asyncio

import pytest

from tests.infra.http.test_served import http

__all__ = ["http"]  # fixtures that both files use


async def steps(redis, name):
    return [step.decode() for step in await redis.lrange(name, 0, -1)]


async def test_transaction_commits_before_the_first_byte(http, redis):
    answer = await http.get("/stream", headers={"x-test": "s"})

    assert answer.text == "begin,commit"


async def test_failed_commit_is_an_honest_500(http, redis):
    answer = await http.get("/stream", headers={"x-test": "f", "x-fail-commit": "1"})

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text
    assert await steps(redis, "f") == ["begin"]


@pytest.mark.parametrize(
    ("path", "body", "status"), [("/orders", {"name": "taken"}, 409), ("/refused", None, 422)]
)
async def test_raised_or_returned_refusal_rolls_back(http, redis, path, body, status):
    answer = await http.post(path, json=body, headers={"x-test": "r"})

    assert answer.status_code == status
    assert await steps(redis, "r") == ["begin", "rollback"]


async def order(http, name="tea", key="k-1", caller="Bearer one"):
    return await http.post(
        "/orders", json={"name": name}, headers={"idempotency-key": key, "authorization": caller}
    )


async def test_doubled_clicks_act_once(http, redis):
    answers = await asyncio.gather(*(order(http) for _ in range(20)))

    assert sorted(a.status_code for a in answers) == [201] + [409] * 19
    assert await redis.get("effects:tea") == b"1"
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"key_in_use"}


async def test_repetition_gets_the_first_answer_again(http, redis):
    first, second = [await order(http), await order(http)]

    assert (second.status_code, second.json()) == (201, {"count": 1})
    assert second.headers["location"] == first.headers["location"]
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["idempotent-replayed"] == "true"
    assert await redis.get("effects:tea") == b"1"


async def test_key_belongs_to_its_body_and_its_caller(http, redis):
    await order(http)

    reused = await order(http, name="milk")
    other = await order(http, caller="Bearer two")

    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    assert (other.status_code, other.json()) == (201, {"count": 2})


async def test_refusal_frees_the_key(http, redis):
    assert (await order(http, name="taken")).status_code == 409

    assert (await order(http, name="tea")).status_code == 201


async def test_kept_answer_is_not_readable_in_the_store(http, redis):
    await order(http, name="confidential")

    (key,) = await redis.keys("idempotent:*")
    assert b"count" not in await redis.get(key)
    assert 86_000 < await redis.ttl(key) <= 86_400


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
async def test_malformed_key_is_refused(http, key):
    answer = await order(http, key=key)

    assert (answer.status_code, answer.json()["code"]) == (422, "key_malformed")
