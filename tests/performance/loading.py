"""
An open-loop load: requests leave when they are due, however slow the answers are.

`python -m tests.performance.loading` reads one JSON object from its standard
input and writes one to its standard output, so that the load has a process of
its own. A latency is counted from the moment at which its request was due.
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Load:
    port: int
    rate: float
    seconds: float
    warm_up_s: float
    requests: list[str]  # whole request heads; they are sent in turn
    idle: deque[Connection] = field(default_factory=deque)
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bytes_read: int = 0

    async def run(self) -> None:
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(int(self.rate * (self.seconds + self.warm_up_s))):
                due = begun + number / self.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                is_counted = due - begun >= self.warm_up_s
                group.create_task(self._ask(self.requests[number % len(self.requests)], due, is_counted))
        for _, writer in self.idle:
            writer.close()

    async def _ask(self, request: str, due: float, is_counted: bool) -> None:
        if self.idle:
            reader, writer = self.idle.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        writer.write(request.encode())
        status, length = await _answer(reader)
        self.idle.append((reader, writer))
        if is_counted:
            self.latencies.append(time.perf_counter() - due)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.bytes_read += length


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in fields:
        return status, len(await reader.readexactly(int(fields["content-length"])))
    length = 0
    while size := int(await reader.readline(), 16):
        length += len(await reader.readexactly(size + 2)) - 2
    await reader.readline()
    return status, length


def main() -> None:
    load = Load(**json.load(sys.stdin))
    asyncio.run(load.run())
    json.dump({"latencies": load.latencies, "statuses": load.statuses, "bytes": load.bytes_read}, sys.stdout)


if __name__ == "__main__":
    main()
