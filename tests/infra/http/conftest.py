"""The small app of these tests under a real server, started once for all of them."""

import pytest

from tests.infra.http.serving import granian


@pytest.fixture(scope="package")
def base(own_valkey):
    with granian("tests.infra.http.sample:app", TEST_REDIS_URL=own_valkey.url()) as base:
        yield base
