"""The browser of the tests. Where there is none, tests/left_out.py says so."""

from pathlib import Path

import pytest
from playwright import async_api, sync_api

from infra.embedded import chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page that is slow on a busy machine is not wrong.
for api in (async_api, sync_api):
    api.expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    found = chromium.find()
    assert found, "browser tests are left out where there is no Chromium"
    return found
