"""Texts that want to be worked out by a spreadsheet, and how a file is read by spreadsheets of several countries."""

import csv
import io

PAYLOADS = [
    start + body
    for start in ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "\u200b=", "＝", "＋", "－", "＠", '"=', "'=", "\ufeff=", "=\t", "\x00=", "-\n", "a;=", "a; +", "a\t@", "a|-", 'a";=', "a,\u200b=", "a\n＝", "a;;=", 'a;"=')
    for body in (
        "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://example.com")', "SUM(A1:A9)", "IMPORTXML(A1)", "1;2", '1,"2"', "DDE()", "A1", "x\ty",
        "x\ny", "x\rz", "é", "0", "", "WEBSERVICE(A1)", "@SUM(1)", "+1", "-1", "=1", ";=1", ",=1", '";=1', "\n=1", "|=1",
    )
]  # fmt: skip
_NOT_SEEN = ' "\u00a0\u200b\ufeff\x00\t\r\n'


def live_cells(content: bytes) -> list[str]:
    """Cells that begin like a formula, wherever one part of the world or another would part the cells."""
    text = content.decode("utf-8-sig")
    return [
        f"{delimiter!r}: {cell!r}"
        for delimiter in ",;\t|"
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cell in row
        if cell.lstrip(_NOT_SEEN).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    ]
