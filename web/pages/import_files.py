"""Files of an import: the refused rows going out, and a file that is too large to come in."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from infra.http import uploads
from infra.http.asgi import header
from infra.language import gettext as _
from tenants import sentences
from tenants.registration.importing import file_words, handing_back, queries, words
from tenants.registration.roster.containers import LARGEST_FILE
from tenants.registration.roster.errors import TooLarge
from web.door import Door
from web.errors import PageErrors, answer


@get("/c/import/{id:uuid}/refused.csv")
async def refused_csv(door: NamedDependency[Door], id: FromPath[UUID]) -> Response[bytes]:
    return await _refused(door, id, "csv")


@get("/c/import/{id:uuid}/refused.xlsx")
async def refused_xlsx(door: NamedDependency[Door], id: FromPath[UUID]) -> Response[bytes]:
    return await _refused(door, id, "xlsx")


async def _refused(door: Door, id: UUID, form: handing_back.Form) -> Response[bytes]:
    found = await queries.access_import(door.session, door.actor, id)
    listed = await queries.refused_rows(door.session, door.actor, id)
    content = await asyncio.to_thread(handing_back.file, found, listed, form)
    headers = {"content-disposition": uploads.attachment(handing_back.name(found, form))}
    return Response(content, media_type=handing_back.MEDIA_TYPES[form], headers=headers)


def _too_large(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """A body that we did not even read: how large it says it is, how large it may be, how to mend it."""
    if error.status_code != 413:
        return PageErrors(sentences.every()).of_http(request, error)
    told = header(request.scope, "content-length") or ""
    size = int(told) if told.isdecimal() and len(told) < 16 else LARGEST_FILE + 1
    too_large = TooLarge(found=size, limit=LARGEST_FILE, mend="split_file")
    fault = file_words.fault(_(words.SENTENCES[too_large.code]), too_large.code, too_large.facts)
    lede = _("Found: %(found)s Expected: %(expected)s", found=fault.found, expected=fault.expected)
    return answer(
        request,
        413,
        heading=fault.heading,
        lede=f"{lede} {fault.mend}",
        href="/c/import",
        label=_("Choose another file"),
    )


TOO_LARGE: dict[Any, Any] = {HTTPException: _too_large}
