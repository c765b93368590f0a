"""A file lies open in a cycle once, however often and by however many people it is uploaded."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from tenants.actor import Actor
from tenants.registration.importing import rules, setting
from tenants.registration.models import OPEN_IMPORT, ImportState, RosterImport


async def open_file(
    session: AsyncSession, actor: Actor, *, cycle_id: UUID, file_name: str, content: bytes, digest: str
) -> tuple[RosterImport, bool]:
    """
    A new import of the file, or (import, False) the one that there is.

    Of two at the same moment the later waits for the earlier to be written.

    Raises:
        FileOpen: there is one that this actor may not see.
    """
    while True:
        is_new = await _made(
            session, actor, cycle_id=cycle_id, file_name=file_name, content=content, digest=digest
        )
        found: RosterImport | None = await session.scalar(
            select(RosterImport).where(
                RosterImport.cycle_id == cycle_id, RosterImport.file_digest == digest, text(OPEN_IMPORT)
            )
        )
        if found is None:
            continue  # given up or taken back in between
        if not setting.may_see(actor, found):
            raise rules.FileOpen
        return found, is_new


async def _made(
    session: AsyncSession, actor: Actor, *, cycle_id: UUID, file_name: str, content: bytes, digest: str
) -> bool:
    made = await session.execute(
        insert(RosterImport)
        .values(
            organisation_id=actor.organisation_id,
            id=ids.new(),
            cycle_id=cycle_id,
            uploaded_by=actor.require_person(),
            file_name=file_name,
            file=content,
            file_digest=digest,
            state=ImportState.UPLOADED,
            reading={},
            mapping={},
            choices={},
            counts={},
            version=0,
        )
        .on_conflict_do_nothing(
            index_elements=[RosterImport.organisation_id, RosterImport.cycle_id, RosterImport.file_digest],
            index_where=text(OPEN_IMPORT),
        )
        .returning(RosterImport.id)
    )
    return made.first() is not None
