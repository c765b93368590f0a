"""
G28: of a person whose every column holds a canary, none is left after her deletion: in no table, not in Redis, in no log.

What was sent by mail lies with others. Row versions that are dead, and the write-ahead log, go with the server's own cleaning.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.ground import Ground
from tenants.identity.models import AddressChange, ApiToken, SignInLink
from tenants.identity.models import Session as SignedIn
from tenants.identity.provider_models import Account, IdentityProvider
from tenants.mapping import PERSONAL, Kind
from tenants.notifications import concerns
from tenants.people.models import Person
from tenants.privacy import finding, mapped
from tenants.proposals.models import AskedFor
from tenants.provisioning.models import ScimUser
from tenants.registration.earlier_models import EarlierAnswers
from tenants.registration.models import (
    ImportState,
    Participation,
    Registration,
    RosterImport,
    RosterRow,
)
from tenants.tables import metadata
from tests import erasing
from tests.conftest import Servers
from tests.pairing import Somebody, Stage

AT_LEAST = 200
PEOPLE = 4
# Codes that a CHECK or a reader holds to a list.
CODES = {"gender", "mode", "language", "time_zone", "status", "origin"}


class Canaries:
    """Words that stand nowhere else, each with the place in which it was put."""

    def __init__(self) -> None:
        self.put: dict[str, str] = {}

    def new(self, place: str) -> str:
        word = f"canary{ids.random().hex[:14]}"
        self.put[word] = place
        return word

    def left(self, told: dict[str, str]) -> list[str]:
        return [
            f"{place} is left in {where}"
            for where, words in told.items()
            for word, place in self.put.items()
            if word in words or word.encode().hex() in words
        ]


async def test_no_canary_is_left(stage: Stage, servers: Servers, capfd: pytest.CaptureFixture[str]) -> None:
    canaries = Canaries()
    people = [await _somebody(stage, canaries, number) for number in range(PEOPLE)]
    for her in people:
        await _fill(stage, her, canaries)
    assert len(canaries.put) >= AT_LEAST
    before = await _anywhere(stage.ground, stage, servers, "")
    assert {one.split(" is left")[0] for one in canaries.left(before)} == set(canaries.put.values())
    proofs = [await erasing.erased(stage.ground, her.actor) for her in people]
    assert {proof.state for proof in proofs} == {"done"}
    assert canaries.left(await _anywhere(stage.ground, stage, servers, capfd.readouterr().out)) == []


async def _somebody(stage: Stage, canaries: Canaries, number: int) -> Somebody:
    """A mentee with a pair, another proposal, a concern, and a row in every table that may hold one of hers."""
    address = f"{canaries.new('person.email')}@example.org"
    mentor = await stage.joins("mentor", name=f"Mentor {number}", capacity=3)
    her = await stage.joins(name=canaries.new("person.full_name"), email=address)
    third = await stage.joins("mentor", name=f"Third {number}")
    [proposal_id] = await stage.sent((third, her))
    await stage.become_known(proposal_id)
    await stage.answer(her, proposal_id, AskedFor.MEET, is_yes=False, reason=canaries.new("answer.reason"))
    await stage.pair(mentor, her)
    async with stage.session(her.actor) as session:
        await concerns.tell(
            session, her.actor, text=canaries.new("concern.text"), readers=[stage.by.require_person()]
        )
    async with stage.session() as session:
        await _rows(stage, session, canaries, her, address)
        other = update(Participation).where(Participation.id == mentor.id)
        await session.execute(other.values(excluded_emails=[address.upper()], supervisor_email=address))
    return her


async def _rows(stage: Stage, session: AsyncSession, canaries: Canaries, her: Somebody, address: str) -> None:
    shared: dict[str, Any] = {"organisation_id": stage.made.id}
    hers = shared | {"person_id": her.person_id}
    now, new = clock.now(), canaries.new
    soon = now + timedelta(days=1)
    programme, cycle = stage.launched.programme.id, stage.launched.cycle.id
    provider = IdentityProvider(
        **shared, name="Konto", kind="other", issuer=f"https://{ids.random()}.example", client_id="m", domains=[],
        state="open",
    )  # fmt: skip
    upload = RosterImport(
        **shared, cycle_id=cycle, uploaded_by=stage.by.require_person(), file_name="list.csv",
        file=f"name,{new('roster_import.file')}".encode(), file_digest=str(ids.random()), state=ImportState.COMMITTED,
        counts={"groups": [{"found": new("roster_import.counts")}], "rows": 2}, committed_at=now,
    )  # fmt: skip
    session.add_all([provider, upload])
    await session.flush()
    session.add_all([
        SignedIn(**hers, token_digest=ids.random().bytes, seen_at=now, expires_at=soon, device=new("session.device")),
        SignInLink(**shared, email=address, expires_at=soon),
        ApiToken(**hers, name=new("api_token.name"), token_digest=ids.random().bytes, permissions=[]),
        AddressChange(**hers, email=new("address_change.email"), expires_at=soon),
        Account(**hers, provider_id=provider.id, issuer=provider.issuer, subject=new("account.subject")),
        ScimUser(
            **hers, user_name=new("scim_user.user_name"), user_name_key=new("scim_user.user_name_key"),
            external_id=new("scim_user.external_id"), address=address, told={"name": new("scim_user.told")},
            was_here=True, changed_at=now,
        ),
        Registration(
            **shared, programme_id=programme, cycle_id=cycle, role="mentee", email=address, language="en",
            full_name=new("registration.full_name"), answers={"why": new("registration.answers")}, consents=[],
            origin="form", expires_at=soon,
        ),
        EarlierAnswers(
            **shared, participation_id=her.id, origin="form", registered_on=now.date(), status="LEFT", ended_at=now,
            facts={"entity": new("earlier_answers.facts")}, answers={"why": new("earlier_answers.answers")},
        ),
        RosterRow(
            **hers, import_id=upload.id, row_number=1, state="imported", cells=[new("roster_row.cells")],
            values={"email": address}, problems=[{"found": new("roster_row.problems")}],
            before={"person": {"full_name": new("roster_row.before")}},
        ),
        RosterRow(
            **shared, import_id=upload.id, row_number=2, state="imported", cells=[address],
            values={"supervisor_email": address}, problems=[],
        ),
    ])  # fmt: skip


async def _fill(stage: Stage, her: Somebody, canaries: Canaries) -> None:
    """A canary into every other column of hers that tells of her and may hold words."""
    async with stage.session() as session:
        person = (await session.execute(select(Person).where(Person.id == her.person_id))).scalar_one()
        hers = await finding.find(session, metadata, person)
        for one in mapped.tables().values():
            table = metadata.tables[one.name]
            if not one.hers or one.by_hand:
                continue
            keys = list((await session.execute(select(table.c.id).where(hers.rows(one)))).scalars())
            for name, column in one.columns.items():
                if column.kind not in PERSONAL - {Kind.SECRET} or not _holds_words(table.c[name]):
                    continue
                for key in keys:
                    held = (
                        await session.execute(select(table.c[name]).where(table.c.id == key))
                    ).scalar_one()
                    if "canary" not in str(held):
                        value = _shaped(canaries.new(f"{one.name}.{name}"), table.c[name], held)
                        await session.execute(update(table).where(table.c.id == key).values({name: value}))


def _holds_words(column: Any) -> bool:
    is_words = isinstance(column.type, JSONB) or column.type.python_type is str
    return is_words and column.computed is None and column.name not in CODES


def _shaped(word: str, column: Any, held: Any) -> Any:
    if not isinstance(column.type, JSONB):
        return word
    return [word] if isinstance(held, list) else {"word": word}


async def _anywhere(ground: Ground, stage: Stage, servers: Servers, said: str) -> dict[str, str]:
    """Every table, all of Redis, what was logged, and the logs of the servers."""
    found = await erasing.everything(ground, stage.made.id)
    found["redis"] = str([key async for key in ground.redis.scan_iter()]) + await _values(ground)
    found["output"] = said
    for path in Path(servers.folder).rglob("*.log"):
        found[path.name] = path.read_text(errors="replace")
    return found


async def _values(ground: Ground) -> str:
    told = []
    async for key in ground.redis.scan_iter():
        told.append(repr(await ground.redis.dump(key)))
    return "".join(told)


async def test_search_finds_nobody(stage: Stage) -> None:
    """What the database makes from her name goes with it."""
    her = await stage.joins(name="Žofia Křížová")
    await erasing.erased(stage.ground, her.actor)
    async with stage.session() as session:
        keys = list((await session.execute(text("SELECT search_key FROM person"))).scalars())
    assert [key for key in keys if "zofia" in key] == []
