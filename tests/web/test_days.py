"""Days of moments stand by the reader's clock: none is taken from the instant, which is that of Greenwich."""

import re
from datetime import UTC, datetime
from pathlib import Path

from infra.language.formatting import date_in

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
OF_GREENWICH = re.compile(r"(\.date\(\)|_at)\s*\|\s*day")


def test_late_in_the_evening_it_is_tomorrow_already_in_the_east() -> None:
    moment = datetime(2026, 12, 7, 22, 30, tzinfo=UTC)
    assert [date_in(moment, zone).day for zone in ("Africa/Nairobi", "UTC", "America/Bogota")] == [8, 7, 7]


def test_no_template_takes_the_day_of_greenwich() -> None:
    found = [path.name for path in TEMPLATES.rglob("*.html") if OF_GREENWICH.search(path.read_text())]
    assert found == []
