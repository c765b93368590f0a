"""What is too large, too dense or too wide is refused before it costs anything."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest

from tenants.registration.roster import containers, reading
from tenants.registration.roster.errors import (
    Bomb,
    Damaged,
    TooLarge,
    TooManyCells,
)
from tests.tenants.registration.roster.books import HEADER, as_ods, as_xlsx, ods_row

ANA = ("Ana Babić", "ana@example.org", "Mentor")


def test_fifty_megabytes_are_refused_before_anything_is_opened():  # 50 MB file
    content = b"a,b\n" * (50 * 1024 * 1024 // 4)
    start = time.thread_time()

    with pytest.raises(TooLarge) as refusal:
        reading.read(content, "a.csv")

    assert time.thread_time() - start < 0.1
    assert refusal.value.facts == {"found": len(content), "limit": 20 * 1024 * 1024, "mend": "split_file"}


def bomb(megabytes: int = 1000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1024 * 1024))
    return out.getvalue()


def lying_bomb() -> bytes:
    """A part of 200 MB whose directory claims 1,000 bytes, with the checksum of those."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(200)) + packer.flush()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", packed)
    content = bytearray(out.getvalue())
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<H", content, at + 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", content, at + 16, zlib.crc32(bytes(1000)))
    struct.pack_into("<I", content, at + 24, 1000)
    return bytes(content)


def many_entries() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"xl/{number}.xml", "")
    return out.getvalue()


@pytest.mark.parametrize("make", [bomb, lying_bomb, many_entries])
def test_zip_bomb_is_refused_quickly_and_in_little_memory(make):  # zip bomb
    content = make()
    assert len(content) < containers.LARGEST_FILE
    tracemalloc.start()
    start = time.thread_time()
    try:
        with pytest.raises(Bomb):
            reading.read(content, "a.xlsx")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert time.thread_time() - start < 2  # to unpack all of it would take many times that
    assert peak < 100 * 1024 * 1024


def _with_sheet(content: bytes, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in given.namelist():
            data = given.read(name)
            archive.writestr(name, data.replace(old, new) if name.startswith("xl/worksheets/sheet") else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("corner", "what"), [(b"XFD1", "columns"), (b"A1048576", "rows"), (b"GR90000", "cells")]
)
def test_one_cell_in_a_far_corner_is_refused_before_it_is_unfolded(corner, what):
    far = b'<row r="1"><c r="' + corner + b'" t="str"><v>x</v></c></row></sheetData>'
    content = _with_sheet(as_xlsx([HEADER, ANA]), b"</sheetData>", far)

    with pytest.raises(TooManyCells) as refusal:
        reading.read(content, "a.xlsx")

    assert refusal.value.facts["what"] == what


def test_repeated_cells_of_ods_are_refused_before_they_are_unfolded():
    row = ods_row("x", attributes='table:number-rows-repeated="1000000"')

    with pytest.raises(TooManyCells):
        reading.read(as_ods(f'<table:table table:name="L">{row}</table:table>'), "a.ods")


def test_entities_in_a_sheet_are_refused():
    start = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    content = _with_sheet(as_xlsx([HEADER, ANA]), b"<worksheet", start)

    with pytest.raises(Damaged):
        reading.read(content, "a.xlsx")
