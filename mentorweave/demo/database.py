"""Lays down the roles and the database that the migrations then fill. Safe to repeat."""

from infra.db import roles
from infra.embedded.postgres import Postgres

NAME = "mentorweave"


def lay(postgres: Postgres, passwords: dict[str, str]) -> None:
    postgres.execute(roles.create_roles(passwords))
    if not postgres.has_database(NAME):
        postgres.execute([f"CREATE DATABASE {NAME}"])
    postgres.execute(roles.create_database(NAME), NAME)
