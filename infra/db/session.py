"""
The only place where transactions begin and end.

`tenant_session` opens a transaction for one organisation: the signed context
is set for that transaction alone, so that a connection which goes back to the
pool carries nothing to the next caller. `platform_session` serves the two
roles that look across organisations; each has its own login and pool.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Literal

import psycopg
from sqlalchemy import event, text
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from infra import errors
from infra.crypto.context import ContextSigner
from infra.db.context import Context
from infra.db.floor import judge_connection
from infra.settings import DatabaseSettings

# A connection that has rested for longer is asked whether its server is still the one it knows.
RESTED_S = 1.0
_RESTING = "resting_since"
# A value that no column can hold: out of range, no such date, a character that text does not have.
_UNUSABLE = ("22003", "22008", "22021", "22P05")
_SET_CONTEXT = text("SELECT set_config('app.context', :context, true)")
Platform = Literal["resolver", "relay"]


class DatabaseUnavailable(errors.Unavailable):
    code = "database_unavailable"


class ValueUnusable(errors.Invalid):
    """Some input holds what the database cannot keep or compare, such as a zero byte; nothing was done."""

    code = "unusable"


class Database:
    """The pools of one process. Make one at its start, `close` it at its end."""

    def __init__(self, settings: DatabaseSettings, signer: ContextSigner) -> None:
        self._signer = signer
        self._app = make_engine(settings.app_url, settings, settings.pool_size)
        self._platform: dict[Platform, AsyncEngine] = {
            "resolver": make_engine(settings.resolver_url, settings, max(2, settings.pool_size // 2)),
            "relay": make_engine(settings.relay_url, settings, 2),
        }

    @asynccontextmanager
    async def tenant_session(self, context: Context) -> AsyncIterator[AsyncSession]:
        """
        A transaction that sees and changes only rows of `context.organisation_id`.

        Commits at the end of the block, rolls back if it raises.

        Raises:
            DatabaseUnavailable: the server does not answer; nothing was done.
            ValueUnusable: a value that no column can hold; nothing was done.
        """
        async with translated(), AsyncSession(self._app, expire_on_commit=False) as session, session.begin():
            await session.execute(_SET_CONTEXT, {"context": self._signer.sign(context.body())})
            yield session

    @asynccontextmanager
    async def platform_session(self, role: Platform) -> AsyncIterator[AsyncConnection]:
        """A transaction of a platform role, on plain SQL: it knows no entities."""
        async with translated(), self._platform[role].begin() as connection:
            yield connection

    async def close(self) -> None:
        for engine in (self._app, *self._platform.values()):
            await engine.dispose()


def make_engine(url: str, settings: DatabaseSettings, size: int) -> AsyncEngine:
    """A pool of at most twice `size` connections, `size` of which stay; with 0, each is opened and closed by its user."""
    options = (
        f"-c statement_timeout={settings.statement_timeout_ms} "
        f"-c idle_in_transaction_session_timeout={settings.idle_in_transaction_ms} -c timezone=UTC"
    )
    pool: dict[str, Any] = {"poolclass": NullPool}
    if size:
        # The connection that rested last has its statements prepared and its tables in hand.
        pool = {
            "pool_size": size,
            "max_overflow": size,
            "pool_use_lifo": True,
            "pool_timeout": settings.pool_wait_s,
        }
    engine = create_async_engine(
        url,
        **pool,
        pool_reset_on_return=None,
        # What a statement was given are people's words and addresses: they have no place in a log.
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5, "application_name": "mentorweave"},
    )
    event.listen(engine.sync_engine, "handle_error", _judge)
    event.listen(engine.sync_engine.pool, "connect", partial(_meet, settings.refuse_old_server))
    event.listen(engine.sync_engine.pool, "reset", _reset)
    event.listen(engine.sync_engine.pool, "checkin", _rest)
    event.listen(engine.sync_engine.pool, "checkout", _wake)
    return engine


def _meet(refuse: bool, connection: Any, _record: Any) -> None:
    """A new connection: whoever is at its other end must be new enough."""
    judge_connection(connection.driver_connection, refuse=refuse)


def _reset(connection: Any, _record: Any, state: Any) -> None:
    """Roll back and forget every setting, so that nothing of one caller reaches the next."""
    if state.terminate_only:
        return
    connection.rollback()
    _tell(connection, "RESET ALL")


def _rest(_connection: Any, record: Any) -> None:
    record.info[_RESTING] = time.monotonic()


def _wake(connection: Any, record: Any, _proxy: Any) -> None:
    """
    After a restart of the server every resting connection is dead; without this each would fail one caller.

    The pool then begins anew. A busy connection is not asked: it costs nothing under load.
    """
    if time.monotonic() - record.info.get(_RESTING, time.monotonic()) < RESTED_S:
        return
    try:
        _tell(connection, "SELECT 1")
    except psycopg.OperationalError as gone:
        raise InvalidatePoolError from gone


def _tell(connection: Any, statement: str) -> None:
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.autocommit = False


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Tell a server that is away, or too busy, from a statement that is wrong: only the first is worth a retry."""
    try:
        yield
    except PoolExhausted as error:
        raise DatabaseUnavailable from error
    except (OperationalError, InterfaceError) as error:
        if error.connection_invalidated or isinstance(error, InterfaceError) or _is_absence(error):
            raise DatabaseUnavailable from error
        raise


def _judge(context: Any) -> None:
    """Tell an input that no column can hold from a statement that is wrong, before anybody sees either."""
    error = context.original_exception
    # The driver itself refuses a zero byte or half a surrogate, and then there is no state.
    is_refused = isinstance(error, UnicodeEncodeError) or (
        isinstance(error, psycopg.DataError) and error.sqlstate is None and "NUL" in str(error)
    )
    if is_refused or getattr(error, "sqlstate", None) in _UNUSABLE:
        raise ValueUnusable from error


def _is_absence(error: DBAPIError) -> bool:
    # Class 57P is operator intervention (shutdown, crash); no state at all is a refused connection.
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state.startswith(("57P", "08"))
