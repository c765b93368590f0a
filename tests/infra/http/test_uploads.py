"""Kinds by their bytes, names without harm."""

import io
import zipfile

import pytest
from litestar.datastructures import UploadFile

from infra.errors import Invalid
from infra.http import uploads


def archive(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", uploads.PDF),
        (b"\x89PNG\r\n\x1a\n", uploads.PNG),
        (b"\xff\xd8\xff\xe0", uploads.JPEG),
        (b"RIFF\0\0\0\0WEBPVP8 ", uploads.WEBP),
        (archive("xl/workbook.xml"), uploads.XLSX),
        (archive("word/document.xml"), uploads.DOCX),
        (archive("a.txt"), uploads.ZIP),
        ("\ufeffname;town\r\nZoë;Żary\r\n".encode(), uploads.TEXT),
        (b"MZ\x90\0\x03", None),
        (b"name\0;", None),
        (b"\xff\xfe\xfd", None),
    ],
)
def test_kind_is_told_by_the_bytes(content, kind):
    assert uploads.kind_of(content) == kind


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.xlsx", "a.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ('a".pdf', "a.pdf"),
        ("...", "file"),
        (".pdf", "pdf"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
    ],
)
def test_name_keeps_what_is_harmless(given, safe):
    assert uploads.safe_name(given) == safe


def test_attachment_has_a_name_for_old_and_new_readers():
    assert uploads.attachment("تقرير é.pdf") == (
        "attachment; filename=\"e.pdf\"; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1%20%C3%A9.pdf"
    )


@pytest.fixture
async def file():
    files = []

    def make(content):
        files.append(UploadFile("text/plain", "a.txt", content))
        return files[-1]

    yield make
    for each in files:
        await each.close()


async def test_larger_and_empty_files_are_refused(file):
    with pytest.raises(uploads.TooLarge) as large:
        await uploads.read("f", file(b"a" * 11), kinds=[uploads.TEXT], max_bytes=10)
    with pytest.raises(Invalid) as empty:
        await uploads.read("f", file(b""), kinds=[uploads.TEXT], max_bytes=10)

    assert large.value.facts == {"max_bytes": 10}
    assert empty.value.problems[0].code == "upload_missing"
