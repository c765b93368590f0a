"""
`python -m mentorweave.demo.database`: lays down the roles and the database that the migrations then fill.

A process of its own, so that the supervisor need not hold SQLAlchemy. Safe to repeat.
"""

import os

from sqlalchemy import create_engine, make_url

from infra.db import migrate
from mentorweave.demo.launch import ADMIN_URL, DATABASE

LOGINS = ("DATABASE_URL", "DATABASE_RESOLVER_URL", "DATABASE_RELAY_URL", "DATABASE_MIGRATOR_URL")


def lay() -> None:
    logins = [make_url(os.environ[name]) for name in LOGINS]
    superuser = create_engine(os.environ[ADMIN_URL])
    migrate.install(superuser, DATABASE, {str(login.username): str(login.password) for login in logins})
    superuser.dispose()


if __name__ == "__main__":
    lay()
