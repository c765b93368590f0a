"""The wrappers that every app of ours wears, in the one order that works."""

from collections.abc import Iterable

from infra.http.asgi import ASGIApp
from infra.http.correlation import Correlation
from infra.http.draining import Draining
from infra.http.headers import SecurityHeaders
from infra.http.reader import ReaderLanguage
from infra.http.source import Source


def wrap(
    app: ASGIApp,
    *,
    is_secure: bool,
    trusted_proxies: Iterable[str] = (),
    assets: tuple[str, ...] = (),
) -> ASGIApp:
    """
    Source, correlation, security headers, draining and language, around one app or the roof's dispatcher.

    The source comes first because the correlation id is believed only from a
    trusted proxy; headers stand inside the log so that it names the final status.
    """
    return Source(
        Correlation(SecurityHeaders(Draining(ReaderLanguage(app)), is_secure=is_secure, assets=assets)),
        trusted_proxies,
    )
