"""A statement that fails leaves its kind in the log, and nothing of what it was about."""

import io

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from infra import logs
from tests import making

CANARY = "canary.person@example.org"


def logged(error: BaseException) -> str:
    """The line of the log for a bug, as a server writes it."""
    before = structlog.get_config()
    written = io.StringIO()
    logs.configure("test")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written), cache_logger_on_first_use=False)
    logs.get("attack").error("web.bug", exc_info=error)
    structlog.configure(**before)
    structlog.contextvars.unbind_contextvars("process")
    return written.getvalue()


@pytest.mark.parametrize("statement", [
    "INSERT INTO person (organisation_id, id, full_name, email, language, time_zone) SELECT organisation_id, :id, :mail, :mail, 'en', 'UTC' FROM person LIMIT 1",
    "INSERT INTO person (organisation_id, id, full_name, email, language, time_zone, gender) SELECT organisation_id, gen_random_uuid(), :mail, :mail, 'en', 'UTC', :id FROM person LIMIT 1",
    "SELECT CAST(:mail AS integer), :id",
])  # fmt: skip
async def test_values_stay_out(database, statement):
    made = await making.organisation(database)
    with pytest.raises(DBAPIError) as failed:
        async with database.tenant_session(made.owner.context()) as session:
            await session.execute(text(statement), {"mail": CANARY, "id": str(made.owner.person_id)})
    line = logged(failed.value)
    assert "web.bug" in line and type(failed.value).__name__ in line
    assert CANARY not in line, line
    assert "test_logs" in line  # where it happened is still told
