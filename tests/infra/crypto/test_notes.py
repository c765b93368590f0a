"""Signed notes: opened by the signer's public key alone, and only as they were signed."""

import base64

import pytest

from infra.crypto.errors import NoteRefused
from infra.crypto.notes import NoteSigner, Verifier

SIGNER = NoteSigner("mentorweave", bytes(range(32)))
TEXT = "mentorweave/one\n12\nAAAA\n"


def test_a_note_opens_to_its_text() -> None:
    verifier = Verifier.parse(str(SIGNER.verifier()))
    assert verifier.open(SIGNER.sign(TEXT)) == TEXT


def test_every_changed_bit_is_refused() -> None:
    note = SIGNER.sign(TEXT).encode()
    verifier = SIGNER.verifier()
    for place in range(len(note) - 1):
        for bit in range(8):
            changed = bytearray(note)
            changed[place] ^= 1 << bit
            try:
                text = bytes(changed).decode()
            except UnicodeDecodeError:
                continue
            with pytest.raises(NoteRefused):
                verifier.open(text)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        TEXT,
        TEXT + "\n",
        TEXT + "\n\u2014 mentorweave\n",
        TEXT + "\n\u2014 mentorweave AAAA\n",
        "\n" * 9,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteRefused):
        SIGNER.verifier().open(note)


def test_another_name_or_key_does_not_open_it() -> None:
    note = SIGNER.sign(TEXT)
    for other in (NoteSigner("other", SIGNER.seed), NoteSigner("mentorweave", bytes(32))):
        with pytest.raises(NoteRefused):
            other.verifier().open(note)


def test_further_signatures_do_not_hurt() -> None:
    witness = NoteSigner("witness", bytes(32))
    both = SIGNER.sign(TEXT) + witness.sign(TEXT).rpartition("\n\n")[2]
    assert SIGNER.verifier().open(both) == witness.verifier().open(both) == TEXT


@pytest.mark.parametrize("written", ["", "a", "a+b+c", "mentorweave+00000000+AAAA"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(NoteRefused):
        Verifier.parse(written)
    wrong = base64.b64encode(b"\x01" + bytes(32)).decode()
    with pytest.raises(NoteRefused):
        Verifier.parse(f"mentorweave+00000000+{wrong}")


def test_the_form_is_that_of_c2sp() -> None:
    """The verifier key and note of the format's own Go package for this seed would read the same."""
    assert (
        str(SIGNER.verifier())
        == f"mentorweave+{SIGNER.verifier().key_hash.hex()}+"
        + base64.b64encode(b"\x01" + SIGNER.verifier().public_key).decode()
    )
    lines = SIGNER.sign(TEXT).splitlines()
    assert lines[-2] == ""
    assert lines[-1].startswith("\u2014 mentorweave ")
