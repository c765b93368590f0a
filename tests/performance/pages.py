"""How long pages and lists take at 50 requests a second, in a small house and in a crowded one."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from infra.embedded.server import free_port
from infra.ground import Ground
from mentorweave.demo.home import listens
from tenants.identity import sessions, tokens
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.pools import actions as pools
from tests import making
from tests.installation import Installation
from tests.performance import crowd
from tests.performance.crowd import Pattern
from tests.performance.report import Row, percentile

RATE = 50.0  # requests a second
WARM_UP_S = 3.0
ASKED_FIRST = 20
P95_MS = 80.0
RATIO = 1.3
PEOPLE = 10_000
TOKENS = 10  # one alone may not call fifty times a second
READS = (
    Permission.PEOPLE_READ, Permission.PROGRAMME_READ, Permission.RUN_READ, Permission.PROPOSAL_READ,
    Permission.RELATIONSHIP_READ, Permission.OUTBOX_READ,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """The organisation whose pages are asked for, with what its coordinator carries."""

    pattern: Pattern
    host: str
    session: str
    tokens: list[str]

    def head(self, path: str, number: int) -> str:
        who = (
            f"Authorization: Bearer {self.tokens[number % len(self.tokens)]}"
            if path.startswith("/api/")
            else f"Cookie: __Host-session={self.session}"
        )
        return f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Encoding: gzip\r\n{who}\r\n\r\n"

    def heads(self, path: str) -> list[str]:
        return [self.head(path, number) for number in range(len(self.tokens))]


async def subject(ground: Ground, admin_url: str, *, people: int = PEOPLE) -> Subject:
    """An organisation with `people` in one cycle, and all that comes with them."""
    made = await making.organisation(ground.database)
    launched = await making.programme(ground.database, made)
    both = await making.somebody(ground.database, made.id, Role.OWNER, Role.COORDINATOR, name="Cora Busy")
    async with ground.database.tenant_session(both.context()) as session:
        await pools.ensure_pool(session, both, launched.cycle.id)
        her = (await session.execute(select(Person).where(Person.id == both.person_id))).scalar_one()
        begun = await sessions.begin(session, both, her)
        secrets = [
            (await tokens.make(session, both, name=f"bench {number}", permissions=READS)).secret
            for number in range(TOKENS)
        ]
    pattern = Pattern(made.id, launched.programme.id, launched.cycle.id)
    crowd.fill(admin_url, made.id, people=people)
    return Subject(pattern, made.host, begun.secret, secrets)


def addresses(subject: Subject) -> Mapping[str, str]:
    return {
        "Today": "/c/today",
        "People, 10,000": "/c/people",
        "People, search": "/c/people?q=kam",
        "Pipeline": "/c/pipeline",
        "API people": "/api/v1/people?limit=50",
        "API registrations": "/api/v1/participations?limit=50",
        "API proposals": f"/api/v1/proposals?limit=50&cycle_id={subject.pattern.cycle_id}",
        "API relationships": "/api/v1/relationships?limit=50",
    }


@dataclass(frozen=True, slots=True)
class Measured:
    p50: float
    p95: float
    p99: float
    refused: int

    @classmethod
    def of(cls, milliseconds: list[float], refused: int) -> "Measured":
        return cls(*(percentile(milliseconds, percent) for percent in (50, 95, 99)), refused)


def load(port: int, heads: list[str], *, seconds: float) -> Measured:
    """Ask in a process of its own."""
    order = {"port": port, "rate": RATE, "seconds": seconds, "warm_up_s": WARM_UP_S, "requests": heads}
    process = subprocess.run(
        [sys.executable, "-m", "tests.performance.loading"],
        input=json.dumps(order), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(process.stdout)
    answers = told["statuses"]
    if "200" not in answers:
        raise AssertionError(f"{heads[0].splitlines()[0]} was answered {answers}")
    return Measured.of([1000 * one for one in told["latencies"]], sum(answers.values()) - answers["200"])


def ask(port: int, heads: list[str]) -> None:
    """One after another, so that templates, plans and pools are there before anybody is in a hurry."""
    for number in range(ASKED_FIRST):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            head = heads[number % len(heads)].removesuffix("\r\n")
            connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
            while connection.recv(65_536):
                pass


Runs = dict[str, list[Measured]]


def measure(installation: Installation, subject: Subject, *, seconds: float, runs: int) -> Runs:
    installation.calm_down()
    for path in addresses(subject).values():
        ask(installation.web_port, subject.heads(path))
    return {
        name: [load(installation.web_port, subject.heads(path), seconds=seconds) for _ in range(runs)]
        for name, path in addresses(subject).items()
    }


def bare(installation: Installation, *, seconds: float, runs: int) -> list[Measured]:
    """The peer: Litestar and Granian as they come, with one query of one row and one line of text."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--no-ws",
         "--factory", "tests.performance.handler:create"],
        env={**os.environ, **installation.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not listens(port):
            time.sleep(0.1)
        head = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        return [load(port, [head], seconds=seconds) for _ in range(runs)]
    finally:
        process.terminate()
        process.wait(10)


def rows(found: Runs) -> list[Row]:
    made = []
    for name, runs in found.items():
        made.append(Row(f"{name}: p50", [run.p50 for run in runs], "ms"))
        made.append(Row(f"{name}: p95", [run.p95 for run in runs], "ms", at_most=P95_MS))
        made.append(Row(f"{name}: p99", [run.p99 for run in runs], "ms"))
        if any(run.refused for run in runs):
            made.append(
                Row(f"{name}: not answered well", [run.refused for run in runs], "requests", at_most=0)
            )
    return made


def beside(found: Runs, bare: list[Measured]) -> list[Row]:
    """How many times the bare handler's time each page takes."""
    made = rows({"Bare handler": bare})
    for name, runs in found.items():
        pairs = zip(runs, bare, strict=True)
        made.append(Row(f"{name}: p50 / bare p50", [run.p50 / peer.p50 for run, peer in pairs], "×"))
    return made


def ratios(small: Runs, large: Runs) -> list[Row]:
    """Of the median p95, since one hiccup of the machine in either would decide about a ratio of worst runs."""

    def middle(runs: list[Measured]) -> float:
        return sorted(run.p95 for run in runs)[len(runs) // 2]

    return [
        Row(
            f"{name}: p95 crowded / p95 small",
            [middle(large[name]) / middle(small[name])],
            "×",
            at_most=RATIO,
        )
        for name in small
    ]
