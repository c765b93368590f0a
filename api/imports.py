"""
Roster import for programs: upload a file, read its preview, decide, commit, take back.

Reading, importing and taking back are done by workers: what asks for them
answers 202 and the import; its `state` says when it is done. Decisions name the
`version` that they were made on; 409 means that somebody decided meanwhile.
"""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, MultipartBody, QueryParameter

from api import import_forms as forms
from api.door import ApiDoor
from infra.http import uploads
from infra.http.paging import Paging, cut
from tenants.registration.importing import actions, handing_back, queries
from tenants.registration.models import RowState, Status
from tenants.registration.roster.containers import LARGEST_FILE
from tenants.registration.roster.problems import Group


@get("/imports", summary="Rosters that were uploaded, the newest first")
async def imports(door: NamedDependency[ApiDoor], paging: NamedDependency[Paging]) -> list[forms.PastImport]:
    after = paging.after(tuple[datetime, UUID])
    rows = await queries.imports(door.session, door.actor, after=after, limit=paging.limit + 1)
    return [forms.past(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@post(
    "/imports",
    status_code=202,
    summary="Upload a roster (CSV, XLSX or ODS, at most 20 MB)",
    request_max_body_size=uploads.body_limit(LARGEST_FILE),
)
async def upload(door: NamedDependency[ApiDoor], data: MultipartBody[forms.Upload]) -> forms.ImportView:
    content = await uploads.whole(data.file, max_bytes=LARGEST_FILE)
    name = uploads.safe_name(data.file.filename or "", fallback="roster")
    found = await actions.upload(
        door.session, door.actor, cycle_id=data.cycle_id, file_name=name, content=content
    )
    return forms.view(found)


@get(
    "/imports/{import_id:uuid}",
    summary="One import: its state, its preview in numbers, the groups of problems",
)
async def one(door: NamedDependency[ApiDoor], import_id: FromPath[UUID]) -> forms.ImportView:
    return forms.view(await queries.access_import(door.session, door.actor, import_id))


@get("/imports/{import_id:uuid}/rows", summary="Rows in the order of the file, with every problem")
async def rows(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    import_id: FromPath[UUID],
    row_state: Annotated[
        RowState | None, QueryParameter(name="state", description="Only rows in this state.")
    ] = None,
    group: Annotated[Group | None, QueryParameter(description="Only rows with such a problem.")] = None,
) -> list[forms.RowView]:
    (after,) = paging.after(tuple[int]) or (0,)
    found = await queries.rows(
        door.session,
        door.actor,
        import_id,
        states=(row_state,) if row_state else (),
        group=group.value if group else None,
        after=after,
        limit=paging.limit + 1,
    )
    return [forms.row(row) for row in cut(door.request.scope, paging, found, lambda row: (row.row_number,))]


@patch(
    "/imports/{import_id:uuid}",
    status_code=202,
    summary="Decide how to read the file and what its cells mean",
)
async def decide(
    door: NamedDependency[ApiDoor], import_id: FromPath[UUID], data: JSONBody[forms.Decisions]
) -> forms.ImportView:
    asked: dict[str, Any] = {"import_id": import_id, "version": data.version}
    if data.reading is not None:
        reading = {name: getattr(data.reading, name) for name in data.reading.__struct_fields__}
        return forms.view(await actions.read_as(door.session, door.actor, **asked, reading=reading))
    if data.columns is not None:
        return forms.view(await actions.map_columns(door.session, door.actor, **asked, columns=data.columns))
    return forms.view(await actions.choose(door.session, door.actor, **asked, choices=data.choices()))


@post(
    "/imports/{import_id:uuid}/commit", status_code=202, summary="Import every row that is ready, all or none"
)
async def commit(
    door: NamedDependency[ApiDoor], import_id: FromPath[UUID], data: JSONBody[forms.CommitAsked]
) -> forms.ImportView:
    found = await actions.commit(
        door.session,
        door.actor,
        import_id,
        version=data.version,
        status=Status.READY if data.status == "ready" else Status.REGISTERED,
        interviews_held=data.interviews_held,
        have_agreed=data.have_agreed,
    )
    return forms.view(found)


@post(
    "/imports/{import_id:uuid}/revert", status_code=202, summary="Take the import back, exactly or not at all"
)
async def revert(door: NamedDependency[ApiDoor], import_id: FromPath[UUID]) -> forms.ImportView:
    return forms.view(await actions.revert(door.session, door.actor, import_id))


@post("/imports/{import_id:uuid}/discard", status_code=200, summary="Delete a file that was not imported")
async def discard(door: NamedDependency[ApiDoor], import_id: FromPath[UUID]) -> forms.ImportView:
    return forms.view(await actions.discard(door.session, door.actor, import_id))


@get(
    "/imports/{import_id:uuid}/rejected.csv",
    summary="The refused rows, with a reason",
    media_type="text/csv",
)
async def rejected(door: NamedDependency[ApiDoor], import_id: FromPath[UUID]) -> Response[bytes]:
    found = await queries.access_import(door.session, door.actor, import_id)
    listed = await queries.refused_rows(door.session, door.actor, import_id)
    content = await asyncio.to_thread(handing_back.file, found, listed, "csv")
    headers = {"content-disposition": uploads.attachment(handing_back.name(found, "csv"))}
    return Response(content, media_type=handing_back.MEDIA_TYPES["csv"], headers=headers)


ROUTES = [imports, upload, one, rows, decide, commit, revert, discard, rejected]
