"""
What a file really is, and whether an archive may be opened.

An archive's directory is only a claim. Sizes are checked there first, which
costs nothing; then each part that we need is unpacked under its own claim and
written to a fresh plain archive, so that the reader sees what was checked and
nothing else.
"""

import codecs
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tenants.registration.roster.errors import EXPECTED, Bomb, Damaged, Encrypted, TooLarge, WrongFormat

MEBI = 1024 * 1024
LARGEST_FILE = 20 * MEBI
LARGEST_UNPACKED = 64 * MEBI  # all parts that are read; a sheet of 100,000 rows and 18 columns is near it
MOST_ENTRIES = 1_000
# A sheet of 10,000 equal rows packs 1:60, a bomb 1:1000.
STEEPEST_RATIO = 200
RATIO_COUNTS_FROM = 4 * MEBI

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_INSIDE_ZIP = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("Index/Document.iwa", "numbers"),
)
_INSIDE_OLE = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "doc"),
)


def within_size(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise TooLarge(found=len(content), limit=LARGEST_FILE, mend="split_file")


def sniff(content: bytes) -> str:
    """
    'csv', 'xlsx' or 'ods', from the content; a file's name is only what somebody called it.

    Raises:
        WrongFormat: something else that we know by name, or nothing that we know.
        Encrypted: a spreadsheet with a password.
    """
    if content.startswith(_OLE):
        found = next((what for mark, what in _INSIDE_OLE if mark.encode("utf-16-le") in content), "ole")
        if found == "encrypted":
            raise Encrypted(found="xlsx", mend="save_without_password")
        raise WrongFormat(
            found=found, expected=EXPECTED, mend="save_as_xlsx" if found == "xls" else "export_as_table"
        )
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(content)
    for magic, found in _MAGIC:
        if content.startswith(magic):
            raise WrongFormat(found=found, expected=EXPECTED, mend="export_as_table")
    return _sniff_text(content)


def _sniff_text(content: bytes) -> str:
    head = content[:4_096]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, found in (
        (b"<!doctype html", "html"),
        (b"<html", "html"),
        (b"<table", "html"),
        (b"<?xml", "xml"),
    ):
        if start.startswith(mark):
            raise WrongFormat(found=found, expected=EXPECTED, mend="save_as_xlsx")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    zeros = (head[0::2].count(0), head[1::2].count(0))
    is_utf_16 = len(head) >= 4 and max(zeros) > len(head) // 5 and min(zeros) <= len(head) // 50
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    # A stray control sign stands in many an export; bytes that are no UTF-8 either are no text.
    bearable = len(head) // (4 if _is_utf_8(head) else 50)
    if controls > bearable and not is_utf_16:
        raise WrongFormat(found="unknown", expected=EXPECTED, mend="export_as_table")
    return "csv"


def _is_utf_8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a letter cut at the end is no fault
    except UnicodeDecodeError:
        return False
    return True


def _directory(content: bytes) -> zipfile.ZipFile:
    # The count in the end record is checked before the directory is read: a million entries cost 400 MB as objects.
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if end < 0 or end + 22 > len(content):
        raise Damaged(found="archive", part="directory", mend="save_again")
    _count, size = struct.unpack_from("<HI", content, end + 10)
    if size > MOST_ENTRIES * 512:
        raise Bomb(found=size // 46, limit=MOST_ENTRIES, what="entries", mend="save_again")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError) as error:
        raise Damaged(found="archive", part="directory", mend="save_again") from error
    if len(archive.infolist()) > MOST_ENTRIES:
        raise Bomb(found=len(archive.infolist()), limit=MOST_ENTRIES, what="entries", mend="save_again")
    return archive


def _sniff_zip(content: bytes) -> str:
    with _directory(content) as archive:
        names = set(archive.namelist())
        found = next((what for part, what in _INSIDE_ZIP if part in names), None)
        if found is None and "content.xml" in names:
            found = _sniff_open_document(archive)
    if found in ("xlsx", "ods"):
        return found
    mend = "save_as_xlsx" if found in ("xlsb", "numbers") else "export_as_table"
    raise WrongFormat(found=found or "archive", expected=EXPECTED, mend=mend)


def _sniff_open_document(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "META-INF/manifest.xml" in names and b"encryption-data" in _unpack(archive, "META-INF/manifest.xml"):
        raise Encrypted(found="ods", mend="save_without_password")
    kind = _unpack(archive, "mimetype") if "mimetype" in names else b"spreadsheet"
    return "ods" if b"spreadsheet" in kind else "odt"


def unpack(content: bytes, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """
    The parts with names that `is_wanted`, unpacked under their claimed sizes.

    Raises:
        Bomb: too many entries, too large, or packed too tightly to be a table.
        Damaged: a part does not unpack to what the directory says.
    """
    with _directory(content) as archive:
        infos = archive.infolist()
        # All entries count, needed or not: bombs hide in parts that some reader will open.
        total = sum(info.file_size for info in infos)
        if total > LARGEST_UNPACKED:
            raise Bomb(found=total, limit=LARGEST_UNPACKED, what="bytes", mend="save_again")
        for info in infos:
            if info.file_size > RATIO_COUNTS_FROM and info.file_size > STEEPEST_RATIO * max(
                info.compress_size, 1
            ):
                ratio = info.file_size // max(info.compress_size, 1)
                raise Bomb(found=ratio, limit=STEEPEST_RATIO, what="ratio", mend="save_again")
        return {
            name: _unpack(archive, name) for name in sorted({i.filename for i in infos}) if is_wanted(name)
        }


def _unpack(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise Encrypted(found="archive", mend="save_without_password")
    claimed = min(info.file_size, LARGEST_UNPACKED)
    try:
        packed = _packed_bytes(archive, info)
        if info.compress_type == zipfile.ZIP_STORED:
            data, over = packed[:claimed], len(packed) > claimed
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            inflate = zlib.decompressobj(-15)
            data = inflate.decompress(packed, claimed + 1)
            over = len(data) > claimed
        else:
            raise Damaged(found="archive", part=name, mend="save_again")
    except (zlib.error, struct.error, OSError, ValueError) as error:
        raise Damaged(found="archive", part=name, mend="save_again") from error
    if over:
        raise Bomb(found=len(data), limit=claimed, what="bytes", mend="save_again")
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise Damaged(found="archive", part=name, mend="save_again")
    return data


def _packed_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes as stored: zipfile's own reader stops at the claimed size and would not notice more."""
    file = archive.fp
    assert file is not None
    file.seek(info.header_offset)
    header = file.read(30)
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    file.seek(info.header_offset + 30 + name_length + extra_length)
    return file.read(info.compress_size)


def repack(parts: dict[str, bytes]) -> io.BytesIO:
    """The checked parts as a plain archive, uncompressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    out.seek(0)
    return out
