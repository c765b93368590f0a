"""What the SCIM project's own tester says of us."""

import asyncio
from collections import Counter

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

from tenants.permissions import Role
from tests import making
from tests.api.scim.calls import FromAThread, directory


async def test_the_projects_tester_finds_nothing(database, app, ground):
    made = await making.organisation(database)
    caller = await directory(database, app, made, Role.OWNER, "scim.manage", "roles.grant")
    loop = asyncio.get_running_loop()

    def check():
        client = httpx2.Client(
            base_url=f"https://{made.host}/scim/v2", transport=FromAThread(caller.client, loop)
        )
        with client:
            return check_server(SyncSCIMClient(client))

    async with caller.client:
        found = await asyncio.to_thread(check)
    wrong = [f"{one.title}: {one.reason}" for one in found if one.status.name not in ("SUCCESS", "SKIPPED")]
    assert wrong == []
    counted = Counter(one.status.name for one in found)
    assert counted["SUCCESS"] > 60, counted
