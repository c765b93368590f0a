"""What an organisation said about a roster of the same shape before: its mapping, and what its words mean."""

import hashlib
from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.registration.models import RosterImport, RosterMapping
from tenants.registration.roster.fields import Field
from tenants.registration.roster.writing import fold


def fingerprint(headers: Sequence[str]) -> str:
    """The same headers in any order are the same shape."""
    return hashlib.sha256("\n".join(sorted(fold(header) for header in headers)).encode()).hexdigest()


async def remember(session: AsyncSession, found: RosterImport) -> None:
    """Keep the mapping and the readings of words; corrections of single rows are this file's alone."""
    named = found.reading.get("found", {}).get("headers", [])
    columns = found.mapping.get("columns", {})
    if not any(named):
        return
    mapping = {
        fold(header): Field(columns[str(at)]).value if str(at) in columns else ""
        for at, header in enumerate(named)
        if fold(header)
    }
    choices = {name: found.choices[name] for name in ("readings", "date_order") if found.choices.get(name)}
    made = insert(RosterMapping).values(
        organisation_id=found.organisation_id,
        fingerprint=fingerprint(named),
        mapping=mapping,
        choices=choices,
    )
    await session.execute(
        made.on_conflict_do_update(
            index_elements=[RosterMapping.organisation_id, RosterMapping.fingerprint],
            set_={"mapping": made.excluded.mapping, "choices": made.excluded.choices},
        )
    )
