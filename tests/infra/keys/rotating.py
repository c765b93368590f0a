"""`python -m tests.infra.keys.rotating`: moves one tenant's keys as a worker does, and says so row by row, to be killed."""

import asyncio
import json
import os
from functools import partial
from pathlib import Path
from uuid import UUID

from infra.crypto.keyring import open_keyring
from infra.db.session import Database
from infra.keys import opening, rotation
from infra.settings import DatabaseSettings, KeySettings, MailSettings, QueueSettings, Settings, WebSettings

# It shall be up quickly, to be killed often: nothing of the tests' own set-up is imported here.
TOLD = "KEYS_TO_MOVE"
# Any table with a column of bytes will do, and this one wants little else.
COLUMN = rotation.SealedColumn("identity_provider", "secret")


async def main(told: dict[str, str], at_once: int) -> None:
    keyring = Path(told["keyring"])
    settings = Settings(
        database=DatabaseSettings(
            told["app"], told["resolver"], told["resolver"], None, refuse_old_server=False
        ),
        queue=QueueSettings(""),
        mail=MailSettings("", ""),
        keys=KeySettings(keyring, told["keys"]),
        web=WebSettings(),
    )
    database = Database(settings.database, open_keyring(keyring).context_signer())
    house, tenant = opening.house(settings, database), UUID(told["tenant"])
    say("begun")
    await rotation.begin(house, tenant, UUID(told["request"]))
    await rotation.move_tenant_keys(house, tenant)
    say("version")
    for way in (rotation.move_subject_keys, partial(rotation.move_values, column=COLUMN)):
        after = rotation.FIRST
        while (step := await way(house, tenant, after=after, limit=at_once)).last is not None:
            after = step.last
            say("moved")
    say("done")
    await house.close()
    await database.close()


def say(word: str) -> None:
    print(word, flush=True)


if __name__ == "__main__":
    told = json.loads(os.environ[TOLD])
    asyncio.run(main(told, int(told["at_once"])))
