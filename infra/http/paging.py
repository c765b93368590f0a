"""
Lists in pages: an opaque cursor, and `Link: <...>; rel="next"` (RFC 8288).

A cursor holds the sort key of the last row, not a number of rows, so that
nothing is shown twice when something is added meanwhile. It is encoded, not
signed: it holds nothing that its reader has not just seen, and one that was
tampered with finds another place of the same list, or is refused.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar.di import Provide
from litestar.params import QueryParameter

from infra.errors import Invalid, Problem
from infra.http.asgi import Scope, add_response_header

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_CURSOR = 512  # characters; a sort key of ours is a fraction of that

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asked for. Read `limit + 1` rows, so that `cut` can tell whether there are more."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    def after(self, key: type[T]) -> T | None:
        """
        The sort key to go on from: `paging.after(tuple[datetime, UUID])`.

        Raises:
            Invalid: `bad_cursor`.
        """
        return None if self.cursor is None else decode(self.cursor, key)


def encode(key: Sequence[Any]) -> str:
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode(cursor: str, key: type[T]) -> T:
    try:
        raw = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=key)
    except (ValueError, msgspec.DecodeError) as error:
        raise Invalid(Problem("cursor", "bad_cursor")) from error


def cut(scope: Scope, paging: Paging, rows: Sequence[T], key: Any) -> list[T]:
    """
    The page's rows; when `rows` has one more, also the link to the next page.

    `key(row)` is the sort key that `Paging.after` will give back.
    """
    page = list(rows[: paging.limit])
    if len(rows) > paging.limit:
        add_response_header(scope, "link", f'<{_next_address(scope, encode(key(page[-1])))}>; rel="next"')
    return page


def _next_address(scope: Scope, cursor: str) -> str:
    # Relative to the request (RFC 3986), so that no proxy's idea of host or path can spoil it.
    query = [
        (name, value)
        for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if name != "cursor"
    ]
    return "?" + urlencode([*query, ("cursor", cursor)])


async def _paging(
    limit: Annotated[
        int, QueryParameter(ge=1, le=MAX_LIMIT, description="How many entries a page has at most.")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        QueryParameter(max_length=MAX_CURSOR, description="Where to go on: from `Link: rel=next`."),
    ] = None,
) -> Paging:
    return Paging(limit, cursor)


paging = Provide(_paging)
