"""
What is written in confidential notes lies nowhere in the clear (security goal 9).

Each note holds a mark of its own. Then they are looked for in every byte of the database's folder and of its log of
writes, in every row of every table, in the files of Redis, in what was logged, in letters, and in pages that refuse.
`NOTE_CANARIES=1000` is the long version, which `make soak` runs.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text

from infra import ids
from infra.keys.errors import KeyServiceUnavailable
from infra.keys.house import KeyHouse
from tenants.interviews import actions
from tests import interviewing, making
from tests.attacks.test_canaries import written
from tests.isolation import canaries
from tests.working import drain

__all__ = ["written"]

NOTES = int(os.environ.get("NOTE_CANARIES", "40"))
SEEN = "Zaunkoenigin"  # stands in a name, so that a look that finds nothing has looked
CHUNK = 1 << 24


def mark(number: int) -> str:
    return f"nachtigall{number:05}"


def hits(folder: Path, words: list[bytes]) -> set[bytes]:
    """Which of the words stand in any file of this folder."""
    found: set[bytes] = set()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        with path.open("rb") as file:
            rest = b""
            while chunk := file.read(CHUNK):
                held = rest + chunk
                found |= {word for word in words if word in held}
                rest = held[-64:]
    return found


@pytest.fixture
async def at(ground):
    return await interviewing.desk(ground)


async def test_marks_are_in_no_file_no_row_no_log_and_no_letter(
    at, servers, valkey, inbox, written, database, browse, monkeypatch
):
    await making.participation(database, at.made, at.launched, name=f"Nora {SEEN}")
    for number in range(NOTES):
        words = {"personal": f"{mark(number)} said so", "referral": mark(number)}
        note = await at.write(words, is_final=number % 5 > 0)
        if number % 5 == 0:
            note = await at.save(note.id, words, window=note.window, version=note.version)
        if number % 10 == 1:
            await at.give(note.id, at.tamar)
            assert (await at.read(at.tamar, note.id))["referral"] == mark(number)
    refusing = await _pages(at, database, browse, monkeypatch, note)
    await drain(at.ground, at.made.id)

    with canaries.superuser(servers) as connection:
        connection.execute(text("CHECKPOINT"))
        rows = "\n".join(_rows(connection))
    await at.ground.redis.set("nachtigall-seen", SEEN, ex=60)
    for folder in (servers.folder / "postgres", servers.folder / "valkey"):
        assert hits(folder, [b"nachtigall0", SEEN.encode()]) == {SEEN.encode()}, folder.name
    assert SEEN in rows and "nachtigall0" not in rows
    assert written.getvalue() and "nachtigall0" not in written.getvalue()
    assert refusing and all("nachtigall0" not in page for page in refusing)
    letters = [mail.as_string() for mail in inbox.mails]
    assert letters and all("nachtigall0" not in letter for letter in letters)


def _rows(connection) -> Iterable[str]:
    tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    for table in tables:
        for row in connection.execute(text(f'SELECT t::text FROM "{table}" t')):
            yield row[0]


async def _pages(at, database, browse, monkeypatch, note) -> list[str]:
    """Pages that refuse, with the mark in hand."""
    async with at.session(at.selma) as session:
        note_id = await actions.begin(session, at.selma, at.mirela.id)
    selma = await making.signed_in(database, browse, at.made, at.selma)
    tamar = await making.signed_in(database, browse, at.made, at.tamar)
    said = {"personal": mark(1), "window": str(ids.new()), "version": "0", "step": "seal"}
    closed = await selma.get(f"/c/interviews/{note.id}")
    csrf = next(one.value for form in closed.forms for one in form.fields if one.name == "csrf")
    refused = []
    for path in (f"/interviews/{ids.new()}/save", f"/interviews/{note_id}/draft"):
        refused.append(await tamar.post(path, [*said.items(), ("csrf", csrf)]))
        refused.append(await selma.post(path, [*said.items(), ("csrf", csrf), ("held_on", "never")]))

    async def away(*_args):
        raise KeyServiceUnavailable(found="database")

    monkeypatch.setattr(KeyHouse, "seal", away)
    monkeypatch.setattr(KeyHouse, "unseal", away)
    refused.append(await selma.post(f"/interviews/{note_id}/draft", [*said.items(), ("csrf", csrf)]))
    refused.append(await selma.post(f"/c/interviews/{note.id}", [("csrf", csrf)]))
    assert {page.status for page in refused} >= {404, 422, 503}
    # What she typed comes back to her alone where tokens are stale, which is no refusal that others see.
    return [page.html for page in refused if page.status in (404, 409, 422, 500, 503)]
