"""
Forms of pages, read once and without Litestar's memory.

Litestar keeps the last thousand url-encoded bodies in a cache, passwords and
all; so url-encoded forms are parsed here. Multipart goes to Litestar's parser,
which spools files to disk and closes them when the request is over.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException

from infra.errors import Invalid, Problem
from infra.http.asgi import state

CSRF_FIELD = "csrf"
MAX_FIELDS = 2_000
_FORM = "parsed_form"
_GIVEN = "csrf_given"

AnyRequest = Request[Any, Any, Any]


class Form(Mapping[str, str]):
    """
    What was filled in. As a mapping it gives the first text of each field.

    The field of the CSRF token is not among them.
    """

    def __init__(self, texts: dict[str, list[str]], files: dict[str, list[UploadFile]]) -> None:
        self._texts = texts
        self._files = files

    def __getitem__(self, name: str) -> str:
        return self._texts[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, name: str, default: str = "") -> str:
        """The field without white space around it; an unchecked or absent one is the default."""
        return self._texts[name][0].strip() if name in self._texts else default

    def texts(self, name: str) -> list[str]:
        """All values of check boxes or a list that allows several."""
        return self._texts.get(name, [])

    def file(self, name: str) -> UploadFile:
        """
        Raises:
            Invalid: `upload_missing`, when no file was chosen.
        """
        if not (found := self._files.get(name)):
            raise Invalid(Problem(name, "upload_missing"))
        return found[0]


async def form(request: AnyRequest) -> Form:
    """The request's form; a dependency for handlers, and what the CSRF guard reads."""
    held = state(request.scope)
    if _FORM not in held:
        held[_FORM] = await _parse(request)
    found: Form = held[_FORM]
    return found


async def csrf_field(request: AnyRequest) -> str | None:
    await form(request)
    found: str | None = state(request.scope).get(_GIVEN)
    return found


async def _parse(request: AnyRequest) -> Form:
    kind = request.content_type[0]
    texts: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    pairs: list[tuple[str, Any]] = []
    if kind == "application/x-www-form-urlencoded":
        pairs = _urlencoded(await request.body())
    elif kind == "multipart/form-data":
        pairs = list((await request.form()).multi_items())
    for name, value in pairs:
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
        else:
            texts.setdefault(name, []).append(value)
    if token := texts.pop(CSRF_FIELD, None):
        state(request.scope)[_GIVEN] = token[0]
    return Form(texts, files)


def _urlencoded(body: bytes) -> list[tuple[str, Any]]:
    try:
        return list(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise ClientException("The form cannot be read.") from error
