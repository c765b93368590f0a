"""What stands in an address after the question mark, read without complaint: what cannot be used is not there."""

from typing import Any, TypeVar
from uuid import UUID

from litestar import Request

from infra.errors import Invalid
from infra.http import paging

T = TypeVar("T")
MAX_SEARCH = 200  # characters

AnyRequest = Request[Any, Any, Any]


def text(request: AnyRequest, name: str) -> str:
    return str(request.query_params.get(name, "")).replace("\0", "").strip()[:MAX_SEARCH]


def long_text(request: AnyRequest, name: str) -> str:
    """For what we have packed ourselves; as long as an address may be."""
    return str(request.query_params.get(name, ""))


def one_of(request: AnyRequest, name: str, allowed: Any) -> str:
    """The value, if it is one of `allowed`; else nothing."""
    found = text(request, name)
    return found if found in set(allowed) else ""


def uuid(request: AnyRequest, name: str) -> UUID | None:
    try:
        return UUID(text(request, name))
    except ValueError:
        return None


def after(request: AnyRequest, key: type[T]) -> T | None:
    """Where a list goes on; from its beginning, if the cursor is none of ours."""
    cursor = request.query_params.get("after", "")
    if not cursor:
        return None
    try:
        return paging.decode(cursor[: paging.MAX_CURSOR], key)
    except Invalid:
        return None
