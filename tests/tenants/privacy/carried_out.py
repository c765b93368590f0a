"""`python -m tests.tenants.privacy.carried_out`: carries one deletion out as a worker does, and kills itself at a given statement."""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event

from infra.ground import Ground
from infra.settings import DatabaseSettings, KeySettings, MailSettings, QueueSettings, Settings, WebSettings

TOLD = "ERASURE_TO_CARRY_OUT"


def settings(told: dict[str, Any]) -> Settings:
    return Settings(
        database=DatabaseSettings(
            told["app"], told["resolver"], told["resolver"], None, refuse_old_server=False
        ),
        queue=QueueSettings(told["redis"]),
        mail=MailSettings("", ""),
        keys=KeySettings(Path(told["keyring"]), told["keys"]),
        web=WebSettings(),
    )


async def main(told: dict[str, Any]) -> None:
    from tenants.privacy import rules
    from workers import handling, runner

    rules.LETTERS_WAIT = timedelta(0)  # letters are another's work
    runner.load(runner.ROOMS)
    ground = Ground.open(settings(told))
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1
        if statements == told["at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(ground.database._app.sync_engine, "before_cursor_execute", count)
    for job in told["jobs"]:
        await handling.perform(ground, UUID(told["tenant"]), UUID(job))
    await ground.close()
    sys.stdout.write(f"{statements}\n")


if __name__ == "__main__":
    asyncio.run(main(json.loads(os.environ[TOLD])))
