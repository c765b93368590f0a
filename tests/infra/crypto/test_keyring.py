import base64
import json
import os
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from infra.crypto import keyring
from infra.crypto.envelope import Place, seal, unseal
from infra.crypto.errors import KeyringRefused, TamperedCiphertext, UnknownKey
from infra.crypto.hierarchy import KeySet, WrappedKey, make_key, open_key, rewrap_key
from infra.crypto.keyring import add_master_key, create_keyring, open_keyring

HERE = {"organisation": str(UUID(int=1))}
ELSEWHERE = {"organisation": str(UUID(int=2))}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create_keyring(tmp_path / "keyring.json")
    return tmp_path / "keyring.json"


def rewritten(path: Path, **changes: object) -> None:
    document = json.loads(path.read_text()) | changes
    path.write_text(json.dumps(document))


def test_create_writes_a_private_file_and_nothing_else(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]
    document = json.loads(path.read_text())
    assert len(base64.b64decode(document["context_key"])) == 32
    assert [key["version"] for key in document["master_keys"]] == [1]


def test_create_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_keyring(tmp_path / "deep" / "keyring.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "deep" / "keyring.json").stat().st_mode) == 0o600


def test_create_never_overwrites(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(KeyringRefused, match="never overwritten"):
        keyring.create(path)
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 1


def test_what_is_opened_is_what_was_made(path: Path) -> None:
    first, again = open_keyring(path), open_keyring(path)
    assert first == again
    assert first.context_signer().sign("a") == again.context_signer().sign("a")
    assert first.context_signer().key == base64.b64decode(json.loads(path.read_text())["context_key"])


def test_derived_keys_differ_by_purpose_and_file(path: Path, tmp_path: Path) -> None:
    create_keyring(tmp_path / "other.json")
    one, other = open_keyring(path), open_keyring(tmp_path / "other.json")
    keys = [one.derived("links"), one.derived("idempotency"), other.derived("links"), one.context_key]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}
    assert one.link_signer().key == one.derived("links")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700, 0o620, 0o4600])
def test_a_file_that_others_may_read_is_refused_by_its_mode(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeyringRefused, match=f"mode {mode:04o}"):
        open_keyring(path)


def test_a_file_of_read_only_mode_is_taken(path: Path) -> None:
    path.chmod(0o400)
    assert open_keyring(path).master_keys


def test_a_file_of_another_user_is_refused_by_name(path: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(KeyringRefused, match=f"belongs to user {path.stat().st_uid}"):
        open_keyring(path)


def test_what_is_no_file_of_its_own_is_refused(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(path)
    os.mkfifo(tmp_path / "pipe.json", 0o600)
    (tmp_path / "folder.json").mkdir(mode=0o700)
    for name in ("link.json", "pipe.json", "folder.json", "absent.json"):
        with pytest.raises(KeyringRefused, match=name):
            open_keyring(tmp_path / name)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', "\x00\xff", '{"secretsecret": '])
def test_what_is_no_keyring_is_refused_without_its_words(path: Path, text: str) -> None:
    path.write_text(text, encoding="latin-1")
    with pytest.raises(KeyringRefused, match="not a keyring") as found:
        open_keyring(path)
    assert found.value.__context__ is None
    assert "secretsecret" not in str(found.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"context_key": "c2hvcnQ="},
        {"context_key": "secretsecret!"},
        {"context_key": None},
        {"derivation_key": 7},
        {"current": str(UUID(int=9))},
        {"current": "x"},
        {"master_keys": []},
        {"master_keys": [{"id": str(UUID(int=9))}]},
        {"master_keys": "abc"},
    ],
)
def test_a_damaged_keyring_is_refused_without_its_words(path: Path, changes: dict) -> None:
    rewritten(path, **changes)
    with pytest.raises(KeyringRefused, match="damaged") as found:
        open_keyring(path)
    assert "secretsecret" not in str(found.value)
    assert found.value.__context__ is None


def test_repr_hides_every_key(path: Path) -> None:
    document = json.loads(path.read_text())
    ring = open_keyring(path)
    shown = repr(ring) + repr(ring.provider()) + repr(ring.context_signer()) + repr(ring.link_signer())
    for key in (ring.context_key, ring.derivation_key, ring.master_keys[0].key):
        assert repr(key) not in shown
    assert document["context_key"] not in shown


async def test_keys_wrap_for_one_context_only(path: Path) -> None:
    provider = open_keyring(path).provider()
    wrapped = await provider.wrap(bytes(32), HERE)
    assert await provider.unwrap(wrapped, HERE) == bytes(32)
    for wrong in (ELSEWHERE, {}, HERE | {"more": ""}, {"organisatio": "n" + HERE["organisation"]}):
        with pytest.raises(TamperedCiphertext):
            await provider.unwrap(wrapped, wrong)


async def test_a_record_opens_through_the_whole_hierarchy(path: Path) -> None:
    organisation, stored = await make_key(open_keyring(path).provider(), HERE)
    person, stored_person = await make_key(KeySet.under(organisation), {"person": "7"}, version=3)
    place = Place(UUID(int=1), "note", uuid4(), "body")
    sealed = seal(person, place, b"between us")

    opened = await open_key(open_keyring(path).provider(), stored, HERE)
    opened_person = await open_key(KeySet.under(opened), stored_person, {"person": "7"})
    assert unseal(opened_person, place, sealed) == b"between us"
    assert (opened, opened_person.version) == (organisation, 3)
    with pytest.raises(TamperedCiphertext):
        await open_key(KeySet.under(opened), stored_person, {"person": "8"})


async def test_stored_keys_cannot_change_places(path: Path) -> None:
    provider = open_keyring(path).provider()
    (_, one), (_, two) = await make_key(provider, HERE), await make_key(provider, HERE)
    for swapped in (WrappedKey(one.id, 1, two.wrapped), WrappedKey(one.id, 2, one.wrapped)):
        with pytest.raises(TamperedCiphertext):
            await open_key(provider, swapped, HERE)


async def test_a_new_master_key_takes_over_without_touching_records(path: Path) -> None:
    key, stored = await make_key(open_keyring(path).provider(), HERE)
    place = Place(UUID(int=1), "note", uuid4(), "body")
    sealed = seal(key, place, b"before")

    newest = add_master_key(path)
    ring = open_keyring(path)
    assert (ring.current, [master.version for master in ring.master_keys]) == (newest, [1, 2])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    provider = ring.provider()
    assert not provider.is_current(stored.wrapped)
    fresh = await rewrap_key(provider, stored, HERE)
    assert provider.is_current(fresh.wrapped)
    assert unseal(await open_key(provider, stored, HERE), place, sealed) == b"before"
    assert unseal(await open_key(provider, fresh, HERE), place, sealed) == b"before"


async def test_a_key_of_another_keyring_is_unknown(path: Path, tmp_path: Path) -> None:
    create_keyring(tmp_path / "other.json")
    _, stored = await make_key(open_keyring(tmp_path / "other.json").provider(), HERE)
    with pytest.raises(UnknownKey):
        await open_key(open_keyring(path).provider(), stored, HERE)
