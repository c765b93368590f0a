"""
No text keeps a regular expression busy: 64 KiB of what it likes least cost less than 50 ms of a processor.

The time of the thread is taken and not the clock's, and a slow one is asked again, so that a busy machine is not blamed.
"""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.http.validation import LONGEST_MESSAGE
from tenants.identity import tokens
from tenants.permissions import Permission, Role
from tests import making
from tests.architecture.reading import forget
from tests.attacks.hostile_patterns import Used, every

LONG = 64 * 1024
MOST_S = 0.05
SHORT = LONG // 4  # if time grows with the square of the length, it takes a sixteenth
# Patterns that never see so much: how many characters, and who sees to it.
BOUNDED = {
    ("web/sheet.py", "(?P<name>--["): (0, "our own style sheet"),
    ("web/sheet.py", "::?[-\\w]+(\\("): (0, "our own style sheet"),
    ("tenants/registration/roster/values/numbers.py", "\\s*(?:years?"): (60, "the line that uses it"),
    ("infra/http/validation.py", "`(?P<expecte"): (LONGEST_MESSAGE, "_code"),
}  # fmt: skip


def _seconds(run: Any, text: Any) -> float:
    begun = time.thread_time()
    run(text)
    return time.thread_time() - begun


def _slow(used: Used) -> str:
    bound, _ = BOUNDED.get(used.key, (LONG, ""))
    run = used.run()
    for short, long in zip(used.texts(min(SHORT, bound)), used.texts(bound), strict=True) if bound else ():
        if _seconds(run, short) * 16 < MOST_S:
            continue
        taken = min(_seconds(run, long) for _ in range(3))
        if taken > MOST_S:
            return f"{used.path} {used.use} {used.pattern!r}: {taken * 1000:.0f} ms for {long[:20]!r}..."
    return ""


@pytest.fixture(scope="module")
def patterns() -> Iterator[list[Used]]:
    yield every()
    forget()


def test_patterns_are_found(patterns: list[Used]) -> None:
    assert len(patterns) > 100
    assert BOUNDED.keys() <= {used.key for used in patterns}


def test_no_text_keeps_a_pattern_busy(patterns: list[Used]) -> None:
    assert [slow for used in patterns if (slow := _slow(used))] == []


@pytest.mark.parametrize(
    "value", ["`a" * 500_000, "`a`" * 300_000, " - at `$" * 100_000], ids=["`a", "`a`", "at"]
)
async def test_a_long_wrong_value_is_refused_at_once(database, app, made, launched, value):
    """The refusal quotes the value, and was then searched for what is wrong, once from each of its quotes."""
    actor = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR)
    async with database.tenant_session(actor.context()) as session:
        made_token = await tokens.make(session, actor, name="T", permissions=[Permission.REGISTRATION_MAKE])
    body = {
        "programme_id": str(launched.programme.id),
        "role": value,
        "full_name": "K",
        "email": "k@example.org",
    }
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=f"https://{made.host}"
    ) as client:
        begun = time.thread_time()
        answer = await client.post(
            "/api/v1/registrations", json=body, headers={"authorization": f"Bearer {made_token.secret}"}
        )

    assert answer.status_code == 422, answer.text[:300]
    assert time.thread_time() - begun < 2
