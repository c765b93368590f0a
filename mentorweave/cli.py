"""
The command line. Each command imports what it needs when it runs, so that every
process holds only its own part of the product.
"""

import asyncio
import contextlib
import importlib
import logging
import os
from pathlib import Path

import click

from infra import garbage
from infra.crypto.errors import KeyringRefused
from infra.keys.errors import ProviderUnknown
from infra.settings import MissingSetting

PORT = 8000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Mentorweave: mentoring programmes of many organisations."""


@cli.command()
@click.option(
    "--bind", envvar="BIND", default="127.0.0.1", show_default=True, help="The address to listen on."
)
@click.option("--port", envvar="PORT", default=PORT, show_default=True)
@click.option(
    "--processes",
    envvar="SERVE_PROCESSES",
    default=1,
    show_default=True,
    help="How many processes share the port.",
)
def serve(bind: str, port: int, processes: int) -> None:
    """Serve the pages and the API."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    Granian(
        "mentorweave.asgi:app",
        address=bind,
        port=port,
        interface=Interfaces.ASGI,
        # Where a connection may yet turn out to be HTTP/2, nobody measures how long its first byte takes.
        http=HTTPModes.http1,
        workers=processes,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=4,  # seconds; an event stream that never ends must not hold up a stop
    ).serve()


@cli.command()
def work() -> None:
    """Send mail, import rosters, make reports: all jobs but the numeric ones."""
    garbage.wait_until_loaded()
    from workers.runner import work

    work()


class _Late(click.Group):
    """Commands of a module that is loaded when one of them is wanted: a worker has no need of them."""

    module = ""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(self._named())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return self._named().get(name)

    def _named(self) -> dict[str, click.Command]:
        commands = importlib.import_module(self.module).COMMANDS
        return {str(one.name): one for one in commands}


class _Numbers(_Late):
    module = "mentorweave.numbers"


class _Audit(_Late):
    module = "mentorweave.auditing"


class _Support(_Late):
    module = "mentorweave.supporting"


@cli.group(cls=_Support)
def support() -> None:
    """Come in where an organisation has let support in, and nowhere else."""


class _Keys(_Late):
    module = "mentorweave.keys"


@cli.group(cls=_Keys)
def keys() -> None:
    """See to the keys of what is confidential: which ones there are, new ones, and what is left under old ones."""


@cli.group(cls=_Audit)
def audit() -> None:
    """Check that nothing of what was written down has been changed since."""


@cli.group(cls=_Numbers, invoke_without_command=True)
@click.pass_context
def match(context: click.Context) -> None:
    """Compute matching runs, as a worker; or, by the commands below, on files away from the platform."""
    if context.invoked_subcommand is None:
        from workers.runner import match

        match()


@cli.command()
def relay() -> None:
    """Move due jobs from the database to the queue. Several may run; one leads."""
    from workers.relay import run

    run()


@cli.command()
def install() -> None:
    """Make roles and databases, as the superuser of DATABASE_ADMIN_URL: those that the other addresses name. Once."""
    from mentorweave.installing import install

    for line in install(os.environ):
        click.echo(line)


@cli.command()
def migrate() -> None:
    """Bring the tables of the database, and those of the key database, up to date."""
    from mentorweave.installing import upgrade

    upgrade(os.environ)


@cli.command("found")
@click.option("--host", required=True, help="The host name at which it will be found.")
@click.option("--name", required=True, help="The name of the organisation.")
@click.option("--owner", required=True, help="The full name of its first owner.")
@click.option("--email", required=True, help="Her address.")
@click.option("--language", "languages", multiple=True, default=("en",), show_default=True)
@click.option("--zone", default="UTC", show_default=True, help="An IANA name such as Africa/Nairobi.")
@click.option("--hue", default=184, show_default=True, type=click.IntRange(0, 359), help="Its colour.")
def found(
    host: str, name: str, owner: str, email: str, languages: tuple[str, ...], zone: str, hue: int
) -> None:
    """Found an organisation, and print its owner's first sign-in link."""
    from infra.errors import HouseError
    from infra.settings import Settings
    from mentorweave.founding import found

    try:
        address = asyncio.run(
            found(
                Settings.read(), host=host, name=name, owner=owner, email=email, languages=list(languages),
                zone=zone, hue=hue,
            )
        )  # fmt: skip
    except HouseError as refused:
        raise click.ClickException(f"Nothing was founded: {refused}") from None
    click.echo(f"{name} lives at {host}. Its owner signs in here, within 15 minutes, once:\n{address}")


@cli.command("check-run")
@click.argument("host")
@click.argument("number", type=int)
def check_run(host: str, number: int) -> None:
    """Prove again that run NUMBER of the organisation at HOST is the best there is, from what it kept."""
    from infra.settings import Settings
    from mentorweave.checking import check

    checked = asyncio.run(check(Settings.read(), host, number))
    click.echo(
        f"Run {checked.number}: total {checked.total} of at most {checked.bound}, "
        f"checked over {checked.pairs_checked} pairs."
    )
    if checked.faults:
        raise click.ClickException(f"This run is not what it says: {', '.join(checked.faults)}")
    click.echo("Nothing better exists, and nothing of it has been changed.")


@cli.command()
@click.argument("host")
@click.argument("email")
def rescue(host: str, email: str) -> None:
    """
    Remove the passkeys of EMAIL, an owner at HOST who has lost them. She is told, and signs in by e-mail.

    Call her first: make sure that it is really she who asks.
    """
    from infra.settings import Settings
    from mentorweave import rescuing

    count = asyncio.run(rescuing.rescue(Settings.read(), host, email))
    click.echo(
        f"{count} removed. She has been signed out everywhere, and makes a new one when she next comes."
    )


@cli.command()
def seed() -> None:
    """Add the sample organisations of the demo, where they are not there yet."""
    from infra.settings import Settings
    from mentorweave.demo.seeding import seed

    asyncio.run(seed(Settings.read()))


@cli.command()
@click.option(
    "--accounts", type=click.Path(file_okay=False, path_type=Path), help="The folder of sample accounts."
)
@click.option("--issuer", default="", help="The address at which they answer.")
def links(accounts: Path | None, issuer: str) -> None:
    """Print a fresh sign-in link for each role of the sample organisations."""
    from infra import logs
    from infra.settings import Settings
    from mentorweave.demo.accounts import Place
    from mentorweave.demo.links import links

    logs.configure("links", logging.ERROR)  # a person reads what it prints
    place = Place(accounts, issuer) if accounts else None

    async def show() -> None:
        async for line in links(Settings.read(), place):
            click.echo(line)

    asyncio.run(show())


@cli.command()
@click.option("--fresh", is_flag=True, help="Forget the data of earlier starts.")
@click.option(
    "--port", default=PORT, show_default=True, help="The web port; the next free one is used if it is taken."
)
def demo(fresh: bool, port: int) -> None:
    """Run everything on this machine, with sample organisations, to try it out."""
    from mentorweave.demo import launch

    launch.run(is_fresh=fresh, web_port=port)


@cli.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--smtp-port", default=1025, show_default=True)
@click.option("--http-port", default=8025, show_default=True)
@click.option(
    "--accounts",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of sample accounts, which then can be signed in with beside the inbox.",
)
def mailcatcher(folder: Path, smtp_port: int, http_port: int, accounts: Path | None) -> None:
    """Catch all mail and show it on a page. For trying and testing only."""
    from infra.embedded import mailcatcher

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(mailcatcher.run(folder, smtp_port=smtp_port, http_port=http_port, accounts_in=accounts))


@cli.group()
def keyring() -> None:
    """The file of keys that seal what is confidential."""


@keyring.command("create")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def keyring_create(path: Path) -> None:
    """Make a new keyring file. One that exists is never touched."""
    from infra.crypto.keyring import create_keyring

    create_keyring(path)
    click.echo(
        f"{path} is made. Keep a copy apart from the database's: without it nothing sealed can be read."
    )


def main() -> None:
    try:
        cli(prog_name="mentorweave")
    except (MissingSetting, KeyringRefused, ProviderUnknown) as refused:
        raise SystemExit(str(refused)) from None
