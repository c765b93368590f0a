"""
Files from outside: small enough, of a known kind by their first bytes, and handed out so that no browser runs them.

Size is checked before anything is parsed: Litestar compares `Content-Length`
with the handler's `request_max_body_size` and counts while the body streams in.
A handler that takes files sets it to `body_limit(max_bytes)`.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from litestar.datastructures import UploadFile

from infra.errors import Invalid, LimitReached, Problem

# Room for the boundaries and text fields of the form around one file.
FORM_AROUND_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    media_type: str


PDF = Kind("pdf", "application/pdf")
PNG = Kind("png", "image/png")
JPEG = Kind("jpeg", "image/jpeg")
WEBP = Kind("webp", "image/webp")
ZIP = Kind("zip", "application/zip")
XLSX = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
DOCX = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
TEXT = Kind("text", "text/plain")


class TooLarge(LimitReached):
    code = "upload_too_large"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed. `filename` is for display only; never a path."""

    content: bytes
    kind: Kind
    filename: str


def body_limit(max_bytes: int) -> int:
    """`request_max_body_size` of a handler whose form carries one file of `max_bytes`."""
    return max_bytes + FORM_AROUND_BYTES


async def read(field: str, file: UploadFile, *, kinds: Collection[Kind], max_bytes: int) -> Upload:
    """
    The whole file, if it is one that `kinds` allow.

    What the sender says of its type is not asked: only its bytes count.

    Raises:
        TooLarge: more than `max_bytes`.
        Invalid: `upload_missing` for an empty file, `upload_wrong_kind` otherwise.
    """
    content = await whole(file, max_bytes=max_bytes)
    if not content:
        raise Invalid(Problem(field, "upload_missing"))
    kind = kind_of(content)
    if kind is None or kind not in kinds:
        found = kind.name if kind else "unknown"
        expected = sorted(allowed.name for allowed in kinds)
        raise Invalid(Problem(field, "upload_wrong_kind", {"found": found, "expected": expected}))
    return Upload(content, kind, safe_name(file.filename, fallback=kind.name))


async def whole(file: UploadFile, *, max_bytes: int) -> bytes:
    """
    All bytes of a file whose kind its own reader decides, such as a table in any encoding.

    Raises:
        TooLarge: more than `max_bytes`.
    """
    content = bytearray()
    while chunk := await file.read(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise TooLarge(max_bytes=max_bytes)
    return bytes(content)


def kind_of(content: bytes) -> Kind | None:
    """The kind by magic numbers; text is what decodes as UTF-8 and has no control characters."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _zip_kind(content)
    return TEXT if _is_text(content) else None


def safe_name(name: str, *, fallback: str = "file") -> str:
    """
    A name without path, control or direction-changing characters, at most 100 characters.

    Direction marks can make `gpj.exe` read as `exe.jpg`.
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C" and sign not in '"<>:|?*;%')
    kept = kept.strip(". ")
    stem, dot, extension = kept.rpartition(".")
    if dot and len(extension) <= 10:
        return (stem[: 99 - len(extension)] + dot + extension) if stem else fallback
    return kept[:100] or fallback


def attachment(name: str) -> str:
    """
    The value of `Content-Disposition`: save it, do not show it (RFC 6266).

    Old readers get an ASCII name, others the whole one.
    """
    safe = safe_name(name)
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode().strip(". ") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _zip_kind(content: bytes) -> Kind:
    # Office files are zip archives that name their parts in plain bytes.
    if b"xl/workbook.xml" in content:
        return XLSX
    return DOCX if b"word/document.xml" in content else ZIP


def _is_text(content: bytes) -> bool:
    try:
        head = content.decode("utf-8-sig")[:_HEAD]
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f" for sign in head)
