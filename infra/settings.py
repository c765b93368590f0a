"""
Settings by concern, read from the environment once, at the roof.

Every variable has a default that suits the embedded demo only as far as that is
harmless; what would be a risk in production (keys, addresses of servers) has
none, and its absence is named at start. `mentorweave demo` fills them in.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.deposit.places import parse


class MissingSetting(Exception):
    """A variable that has no safe default is not set."""

    def __init__(self, name: str, purpose: str) -> None:
        super().__init__(f"{name} is not set. It must hold {purpose}.")


def _need(env: Mapping[str, str], name: str, purpose: str) -> str:
    if value := env.get(name):
        return value
    raise MissingSetting(name, purpose)


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """
    One server, one login for each duty, so that a mistake in one duty cannot use another's rights.

    URLs are `postgresql+psycopg://user:password@host:port/name`.
    """

    app_url: str
    resolver_url: str
    relay_url: str
    migrator_url: str | None
    pool_size: int = 10
    pool_wait_s: float = 5.0
    statement_timeout_ms: int = 5_000
    idle_in_transaction_ms: int = 10_000
    refuse_old_server: bool = True

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "DatabaseSettings":
        return cls(
            app_url=_need(env, "DATABASE_URL", "the address of PostgreSQL for the role mentorweave_app"),
            resolver_url=_need(env, "DATABASE_RESOLVER_URL", "the same for the role mentorweave_resolver"),
            relay_url=_need(env, "DATABASE_RELAY_URL", "the same for the role mentorweave_relay"),
            migrator_url=env.get("DATABASE_MIGRATOR_URL"),
            pool_size=int(env.get("DATABASE_POOL_SIZE", "10")),
            statement_timeout_ms=int(env.get("DATABASE_STATEMENT_TIMEOUT_MS", "5000")),
            idle_in_transaction_ms=int(env.get("DATABASE_IDLE_IN_TRANSACTION_MS", "10000")),
            refuse_old_server=env.get("DATABASE_REFUSE_OLD_SERVER", "yes") != "no",
        )


@dataclass(frozen=True, slots=True)
class QueueSettings:
    redis_url: str

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "QueueSettings":
        return cls(redis_url=_need(env, "REDIS_URL", "the address of a Redis or Valkey server with AOF on"))


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`smtp_url` is smtp://, smtp+starttls:// or smtps://, with user and password where the server wants them."""

    smtp_url: str
    sender: str
    timeout_s: float = 20.0

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "MailSettings":
        return cls(
            smtp_url=_need(env, "SMTP_URL", "the address of the mail server"),
            sender=env.get("MAIL_SENDER", "Mentorweave <no-reply@localhost>"),
        )


@dataclass(frozen=True, slots=True)
class KeySettings:
    """
    `database_url` is for the role mentorweave_keys. Without it nothing is sealed and nothing opened: what needs that
    answers 503, `/readyz` says so, and everything else works.

    `provider_url` names who keeps the master key: keyring:, aws-kms://region/key or vault://host/mount/key; what those
    of `providers_before` have wrapped still opens. Vault wants a file with a token or one with {"role_id", "secret_id"}.
    """

    keyring: Path
    database_url: str | None = None
    migrator_url: str | None = None
    pool_size: int = 2
    provider_url: str = "keyring:"
    providers_before: tuple[str, ...] = ()
    vault_token_file: Path | None = None
    vault_approle_file: Path | None = None
    vault_namespace: str = ""

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "KeySettings":
        return cls(
            keyring=Path(_need(env, "KEYRING_FILE", "the path of the keyring file (mode 0600)")),
            database_url=env.get("KEY_DATABASE_URL"),
            migrator_url=env.get("KEY_DATABASE_MIGRATOR_URL"),
            pool_size=int(env.get("KEY_DATABASE_POOL_SIZE", "2")),
            provider_url=env.get("KEY_PROVIDER_URL", "keyring:"),
            providers_before=tuple(env.get("KEY_PROVIDER_BEFORE", "").split()),
            vault_token_file=_path(env, "VAULT_TOKEN_FILE"),
            vault_approle_file=_path(env, "VAULT_APPROLE_FILE"),
            vault_namespace=env.get("VAULT_NAMESPACE", ""),
        )


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return Path(env[name]) if env.get(name) else None


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`body_wait_s` is how long a sender may keep us waiting for the rest of a body (see infra/http/arriving.py)."""

    scheme: str = "https"
    port: int | None = None
    bind: str = "127.0.0.1"
    trusted_proxies: tuple[str, ...] = ()
    is_secure: bool = True
    body_wait_s: float = 30.0

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "WebSettings":
        scheme = env.get("PUBLIC_SCHEME", "https")
        port = env.get("PUBLIC_PORT")
        return cls(
            scheme=scheme,
            port=int(port) if port else None,
            bind=env.get("BIND", "127.0.0.1"),
            trusted_proxies=tuple(p for p in env.get("TRUSTED_PROXIES", "").split(",") if p),
            is_secure=env.get("COOKIES_SECURE", "yes") != "no",
            body_wait_s=float(env.get("BODY_WAIT_S", "30")),
        )

    def url(self, host: str, path: str) -> str:
        """The address of a page of the organisation that lives at `host`."""
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{host}{port}{path}"


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """
    `compiles_at_boot`: a worker gets ready for large pools before it is asked, for 210 MB; small ones need none of it.

    `shares_from`: a pool with so many people on its larger side is shared among workers that are ready, in tiles of
    `tile_pairs` pairs (about a tenth of a second on one core).
    """

    compiles_at_boot: bool = True
    shares_from: int = 100_000
    tile_pairs: int = 400_000_000

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "MatchSettings":
        return cls(
            compiles_at_boot=env.get("MATCH_COMPILE_AT_BOOT", "yes") != "no",
            shares_from=int(env.get("MATCH_SHARES_FROM", "100000")),
            tile_pairs=int(env.get("MATCH_TILE_PAIRS", "400000000")),
        )


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """`checkpoints`: a folder or bucket on another machine that gets a signed note of each organisation's trail each hour."""

    checkpoints: str | None = None

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "AuditSettings":
        written = env.get("AUDIT_CHECKPOINTS") or None
        if written:
            parse(written)  # what is wrong with it is said at start, not an hour later
        return cls(checkpoints=written)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """
    `private_providers`: sign-in providers may lie in our own network and speak plain HTTP; for the demo and tests alone.

    `name_servers` are asked for the records of domains, each `address` or `address:port`; none, those of the machine.
    """

    private_providers: bool = False
    name_servers: tuple[str, ...] = ()

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "SignInSettings":
        return cls(
            private_providers=env.get("SIGN_IN_PRIVATE_PROVIDERS", "no") == "yes",
            name_servers=tuple(one for one in env.get("DNS_SERVERS", "").split(",") if one),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    database: DatabaseSettings
    queue: QueueSettings
    mail: MailSettings
    keys: KeySettings
    web: WebSettings
    match: MatchSettings = MatchSettings()
    audit: AuditSettings = AuditSettings()
    sign_in: SignInSettings = SignInSettings()

    @classmethod
    def read(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        return cls(
            database=DatabaseSettings.read(env),
            queue=QueueSettings.read(env),
            mail=MailSettings.read(env),
            keys=KeySettings.read(env),
            web=WebSettings.read(env),
            match=MatchSettings.read(env),
            audit=AuditSettings.read(env),
            sign_in=SignInSettings.read(env),
        )
