"""The least that a page could be here: one handler, one query, one line. See `pages.bare`."""

import os

from litestar import Litestar, get
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


def create() -> Litestar:
    engine = create_async_engine(os.environ["DATABASE_URL"])

    @get("/")
    async def one() -> str:
        async with engine.begin() as connection:
            return str((await connection.execute(text("SELECT 1"))).scalar_one())

    return Litestar([one], openapi_config=None, logging_config=None)
