"""The wrappers that every app of ours wears, in the one order that works."""

from collections.abc import Iterable

from infra.http.arriving import Arriving
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
    body_wait_s: float = 30.0,
    assets: tuple[str, ...] = (),
) -> ASGIApp:
    """
    Source, correlation, security headers, arriving, draining and language, around one app or the roof's dispatcher.

    The source comes first because the correlation id is believed only from a
    trusted proxy; headers stand inside the log so that it names the final status.
    """
    spoken = Arriving(Draining(ReaderLanguage(app)), patience_s=body_wait_s)
    return Source(
        Correlation(SecurityHeaders(spoken, is_secure=is_secure, assets=assets)),
        trusted_proxies,
    )
