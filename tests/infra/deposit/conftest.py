from collections.abc import Iterator

import pytest

from tests.infra.deposit.double import KEY, SECRET, Double, double


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    with double() as made:
        yield made
