"""Where others' rows name somebody: her address in their wishes, her name in subjects of letters, lists in which she stands."""

from typing import Any

from sqlalchemy import Text, and_, cast, column, func, literal, not_, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.notifications.models import Letter
from tenants.organisations.models import Organisation
from tenants.privacy.finding import Hers, names_one
from tenants.proposals.models import Proposal
from tenants.registration.importing import forgetting, rules
from tenants.registration.models import (
    ImportState,
    Participation,
    Registration,
    RosterImport,
    RosterRow,
    RowState,
)

Counts = dict[str, int]
_CELLS = ("cells", "values", "problems", "before")


async def forget(session: AsyncSession, hers: Hers) -> Counts:
    """Returns how many rows of others were freed of her name, as "table.freed"."""
    return {
        "letter.freed": await _letters(session, hers),
        "participation.freed": await _wishes(session, hers),
        "registration.freed": await _forms(session, hers),
        "proposal.freed": await _next_best(session, hers),
        "roster_row.freed": await _rosters(session, hers),
        "organisation.freed": await _contact(session, hers),
    }


async def _letters(session: AsyncSession, hers: Hers) -> int:
    """Letters about her to others stay in the outbox's history without their subject."""
    named = names_one(Letter.about, hers.all_ids())
    if name := hers.full_name.strip():
        named = or_(named, Letter.subject.regexp_match(_whole(name)))
    return await _changed(
        session, update(Letter).where(Letter.subject.is_not(None), named).values(subject=None), Letter
    )


async def _wishes(session: AsyncSession, hers: Hers) -> int:
    if hers.email is None:
        return 0
    listed = func.jsonb_array_elements_text(Participation.excluded_emails).table_valued("value")
    others = select(func.coalesce(func.jsonb_agg(listed.c.value), cast(literal("[]"), JSONB))).where(
        func.lower(func.btrim(listed.c.value)) != hers.email
    )
    excluded = await _changed(
        session,
        update(Participation)
        .where(_mentions(Participation.excluded_emails, hers.email))
        .values(excluded_emails=others.correlate(Participation).scalar_subquery()),
        Participation,
    )
    supervised = func.lower(func.btrim(Participation.supervisor_email)) == hers.email
    freed = await _changed(
        session, update(Participation).where(supervised).values(supervisor_email=None), Participation
    )
    told = await _blanked(session, Participation, hers.email, "told", "answers")
    return excluded + freed + told


async def _forms(session: AsyncSession, hers: Hers) -> int:
    return await _blanked(session, Registration, hers.email, "answers") if hers.email else 0


async def _blanked(session: AsyncSession, model: Any, address: str, *columns: str) -> int:
    """Her address goes from JSON in which others wrote it; what stands around it stays."""
    found = [getattr(model, name) for name in columns]
    values = {column.key: _without(column, address) for column in found}
    statement = update(model).where(or_(*(_mentions(column, address) for column in found))).values(values)
    return await _changed(session, statement, model)


def _mentions(column: Any, address: str) -> Any:
    return func.strpos(func.lower(cast(column, Text)), address) > 0


def _without(column: Any, address: str) -> Any:
    return cast(func.regexp_replace(cast(column, Text), _literally(_inside_json(address)), "", "gi"), JSONB)


def _inside_json(text: str) -> str:
    """As it stands between the quotes of JSON."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _whole(name: str) -> str:
    """A pattern that finds the name where it is no part of a longer word: Jan is not in January."""
    begins, ends = (r"\m" if name[0].isalnum() else ""), (r"\M" if name[-1].isalnum() else "")
    return f"{begins}{_literally(name)}{ends}"


def _literally(text: str) -> str:
    """A pattern of PostgreSQL that finds the text and nothing else. Beyond ASCII no sign means anything in it."""
    return "".join(sign if sign.isalnum() or not sign.isascii() else f"\\{sign}" for sign in text)


async def _next_best(session: AsyncSession, hers: Hers) -> int:
    """She may stand among the next best of others' proposals, or as who has taken their places."""
    parts = [str(one) for one in hers.ids["participation"]]
    if not parts:
        return 0
    each = func.jsonb_array_elements(Proposal.alternatives).table_valued(column("value", JSONB))
    without_her = select(func.coalesce(func.jsonb_agg(each.c.value), cast(literal("[]"), JSONB))).where(
        not_(_names(each.c.value, parts))
    )
    cycles = select(Participation.cycle_id).where(bulk.any_of(Participation.id, hers.ids["participation"]))
    statement = (
        update(Proposal)
        .where(Proposal.cycle_id.in_(cycles), _names(Proposal.alternatives, parts))
        .values(alternatives=without_her.correlate(Proposal).scalar_subquery())
    )
    return await _changed(session, statement, Proposal)


def _names(found: Any, ids: list[str]) -> Any:
    return or_(*(func.strpos(cast(found, Text), one) > 0 for one in ids))


async def _rosters(session: AsyncSession, hers: Hers) -> int:
    """
    Lists in which she stands: her row loses all that stood there, the file goes; a list that waits is given up.

    A file holds everybody of a list at once, so it goes as a whole. What was imported stays, and can still be taken back.
    """
    is_hers = RosterRow.person_id == hers.id
    stands = is_hers
    if hers.email is not None:
        is_hers = or_(is_hers, func.lower(RosterRow.values["email"].astext) == hers.email)
        stands = or_(is_hers, *(_mentions(getattr(RosterRow, name), hers.email) for name in _CELLS))
    imports = list((await session.execute(select(RosterRow.import_id).where(stands).distinct())).scalars())
    if not imports:
        return 0
    freed = await _changed(
        session,
        update(RosterRow)
        .where(is_hers)
        .values(
            cells=[], values={}, problems=[], before=None, person_id=None, participation_ids=[],
            state=RowState.SKIPPED,
        ),
        RosterRow,
    )  # fmt: skip
    if hers.email is not None:
        freed += await _blanked(session, RosterRow, hers.email, *_CELLS)
    await session.execute(
        update(RosterImport)
        .where(RosterImport.id.in_(imports), RosterImport.file.is_not(None))
        .values(file=b"", counts=RosterImport.counts.op("-")(cast("groups", Text)))
        .execution_options(synchronize_session=False)
    )
    waiting = and_(RosterImport.id.in_(imports), RosterImport.state.in_(rules.CHANGEABLE))
    given_up = list((await session.execute(select(RosterImport.id).where(waiting))).scalars())
    if given_up:
        await forgetting.forget(session, given_up)
        await session.execute(
            update(RosterImport)
            .where(RosterImport.id.in_(given_up))
            .values(state=ImportState.DISCARDED, version=RosterImport.version + 1)
        )
    return freed


async def _contact(session: AsyncSession, hers: Hers) -> int:
    """Whoever is named as the organisation's contact is named no more."""
    named = Organisation.contact_name == hers.full_name
    if hers.email is not None:
        named = or_(named, func.lower(Organisation.contact_email) == hers.email)
    return await _changed(
        session,
        update(Organisation).where(named).values(contact_name=None, contact_email=None, contact_phone=None),
        Organisation,
    )


async def _changed(session: AsyncSession, statement: Any, model: Any) -> int:
    statement = statement.execution_options(synchronize_session=False)
    gone = statement.returning(model.organisation_id)
    return len((await session.execute(gone)).all())
