"""
The heading font: two files of Source Serif 4 made into one small one.

The package ships Latin and extended Latin apart, 40 kB together, and names such
as Hadžić need both. Headings need letters, figures and a few signs, so the
glyphs of `WANTED` are taken from both files (same design, same units) and put
into one font without kerning and alternates. The licence (SIL OFL 1.1) asks
that a changed font gets its own name: hence MW Serif.

Formats: OpenType 1.9 tables cmap, glyf, loca, hmtx; WOFF 1.0 (W3C, 2012).
"""

import struct
import zlib
from dataclasses import dataclass
from functools import cached_property

# What headlines are made of. Signs that they hardly need, such as [ or §, come from the reader's own serif: each would
# weigh some 70 bytes on everybody's first visit.
LATIN_1 = "\xa0¡«·»¿"
SIGNS = "–—‘’‚“”„…\u202f‹›€−"
UNUSED = {0xD7, 0xF7, 0x132, 0x133, 0x138, 0x13F, 0x140, 0x149, 0x166, 0x167, 0x17F}  # of the letters' ranges
# Letters of Esperanto and vowels with a breve, which hardly a name has outside of Romanian.
UNUSED |= set(map(ord, "ĈĉĜĝĤĥĴĵŜŝŬŭĔĕĬĭŎŏ"))
WANTED = tuple(
    sign
    for sign in (
        *map(ord, " !\"%&'()+,-./0123456789:;?"),
        *range(0x41, 0x5B),
        *range(0x61, 0x7B),
        *map(ord, LATIN_1),
        *range(0xC0, 0x180),  # letters of Latin-1, Latin Extended-A
        *range(0x218, 0x21C),  # Romanian
        *map(ord, SIGNS),
    )
    if sign not in UNUSED
)
FAMILY = "MW Serif"
KEPT_NAMES = (0, 13, 14)  # copyright, licence, address of the licence
# Flags of a component of a composite glyph (OpenType, table glyf).
WORDS, SCALE, MORE, SCALE_XY, TWO_BY_TWO = 0x01, 0x08, 0x20, 0x40, 0x80


@dataclass(frozen=True)
class Font:
    """One TrueType font, opened as far as we need it."""

    tables: dict[str, bytes]

    @classmethod
    def read(cls, woff: bytes) -> "Font":
        tables = {}
        for at in range(44, 44 + 20 * struct.unpack_from(">H", woff, 12)[0], 20):
            tag, offset, packed, length, _ = struct.unpack_from(">4sIIII", woff, at)
            body = woff[offset : offset + packed]
            tables[tag.decode()] = body if packed == length else zlib.decompress(body)
        return cls(tables)

    @cached_property
    def characters(self) -> dict[int, int]:
        """Glyph of each character of the basic plane, from the format 4 table."""
        cmap = self.tables["cmap"]
        for at in range(4, 4 + 8 * struct.unpack_from(">H", cmap, 2)[0], 8):
            start = struct.unpack_from(">I", cmap, at + 4)[0]
            if struct.unpack_from(">H", cmap, start)[0] == 4:
                return _format_4(cmap[start:])
        raise ValueError("no cmap of format 4")

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        count = struct.unpack_from(">H", self.tables["maxp"], 4)[0] + 1
        if struct.unpack_from(">h", self.tables["head"], 50)[0]:
            return struct.unpack_from(f">{count}I", self.tables["loca"])
        return tuple(2 * half for half in struct.unpack_from(f">{count}H", self.tables["loca"]))

    def outline(self, glyph: int) -> bytes:
        return self.tables["glyf"][self.offsets[glyph] : self.offsets[glyph + 1]]

    def metrics(self, glyph: int) -> bytes:
        """Advance and left side bearing; glyphs past the last full entry share its advance."""
        full = struct.unpack_from(">H", self.tables["hhea"], 34)[0]
        hmtx = self.tables["hmtx"]
        if glyph < full:
            return hmtx[4 * glyph : 4 * glyph + 4]
        bearing = 4 * full + 2 * (glyph - full)
        return hmtx[4 * full - 4 : 4 * full - 2] + hmtx[bearing : bearing + 2]


def _format_4(table: bytes) -> dict[int, int]:
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + 2 * segments)
    deltas = struct.unpack_from(f">{segments}H", table, 16 + 4 * segments)
    at_ranges = 16 + 6 * segments
    found = {}
    for segment in range(segments):
        reach = struct.unpack_from(">H", table, at_ranges + 2 * segment)[0]
        for sign in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            glyph = sign
            if reach:
                place = at_ranges + 2 * segment + reach + 2 * (sign - starts[segment])
                glyph = struct.unpack_from(">H", table, place)[0]
                if not glyph:
                    continue
            if glyph := (glyph + deltas[segment]) & 0xFFFF:
                found[sign] = glyph
    return found


def _components(outline: bytes) -> list[int]:
    """Where in a composite outline the numbers of its parts stand."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    places, at, flags = [], 10, MORE
    while flags & MORE:
        flags = struct.unpack_from(">H", outline, at)[0]
        places.append(at + 2)
        at += 4 + (4 if flags & WORDS else 2)
        at += 2 if flags & SCALE else 4 if flags & SCALE_XY else 8 if flags & TWO_BY_TWO else 0
    return places


class _Collection:
    """Glyphs of several fonts under new numbers."""

    def __init__(self) -> None:
        self.order: list[tuple[Font, int]] = []
        self.numbers: dict[tuple[int, int], int] = {}

    def take(self, font: Font, glyph: int) -> int:
        key = (id(font), glyph)
        if key not in self.numbers:
            self.numbers[key] = len(self.order)
            self.order.append((font, glyph))
            outline = font.outline(glyph)
            for place in _components(outline):
                self.take(font, struct.unpack_from(">H", outline, place)[0])
        return self.numbers[key]

    def outline(self, font: Font, glyph: int) -> bytes:
        body = bytearray(font.outline(glyph))
        for place in _components(bytes(body)):
            part = struct.unpack_from(">H", body, place)[0]
            struct.pack_into(">H", body, place, self.numbers[id(font), part])
        return bytes(body) + bytes(-len(body) % 2)


def _cmap(numbers: dict[int, int]) -> bytes:
    """A cmap of one format 4 table; each segment is a run of characters whose glyphs run alike."""
    runs: list[list[int]] = []
    for sign in sorted(numbers):
        if runs and sign == runs[-1][1] + 1 and numbers[sign] - sign == runs[-1][2]:
            runs[-1][1] = sign
        else:
            runs.append([sign, sign, numbers[sign] - sign])
    runs.append([0xFFFF, 0xFFFF, 1])
    count = len(runs)
    power = 1 << (count.bit_length() - 1)
    body = struct.pack(">4H", 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    body += struct.pack(f">{count}H", *(run[1] for run in runs)) + bytes(2)
    body += struct.pack(f">{count}H", *(run[0] for run in runs))
    body += struct.pack(f">{count}H", *(run[2] & 0xFFFF for run in runs)) + bytes(2 * count)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(">HHH", 4, len(body) + 6, 0) + body


def _names(table: bytes) -> bytes:
    count, texts_at = struct.unpack_from(">HH", table, 2)
    texts = {1: FAMILY, 2: "SemiBold", 4: f"{FAMILY} SemiBold", 6: "MWSerif-SemiBold"}
    encoded = {number: text.encode("utf-16-be") for number, text in texts.items()}
    for at in range(6, 6 + 12 * count, 12):
        platform, _, _, number, length, offset = struct.unpack_from(">6H", table, at)
        if platform == 3 and number in KEPT_NAMES:
            encoded[number] = table[texts_at + offset : texts_at + offset + length]
    records, body = b"", b""
    for number in sorted(encoded):
        records += struct.pack(">6H", 3, 1, 0x409, number, len(encoded[number]), len(body))
        body += encoded[number]
    return struct.pack(">HHH", 0, len(encoded), 6 + len(records)) + records + body


def _woff(tables: dict[str, bytes]) -> bytes:
    directory, bodies = b"", b""
    start = 44 + 20 * len(tables)
    for tag in sorted(tables):
        table = tables[tag]
        padded = table + bytes(-len(table) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        packed = min(zlib.compress(table, 9), table, key=len)
        directory += struct.pack(
            ">4sIIII", tag.encode(), start + len(bodies), len(packed), len(table), checksum
        )
        bodies += packed + bytes(-len(packed) % 4)
    size = 12 + sum(16 + len(table) + -len(table) % 4 for table in tables.values())
    header = struct.pack(
        ">4sIIHHIHHIIIII", b"wOFF", 0x00010000, start + len(bodies), len(tables), 0, size, 1, 0, *[0] * 5
    )
    return header + directory + bodies


def merge(*sources: bytes) -> bytes:
    """One WOFF with the wanted glyphs; where several sources have a character, the first counts."""
    fonts = [Font.read(source) for source in sources]
    first = fonts[0]
    collection = _Collection()
    collection.take(first, 0)
    numbers = {}
    for sign in WANTED:
        font = next((font for font in fonts if sign in font.characters), None)
        if font:
            numbers[sign] = collection.take(font, font.characters[sign])

    outlines = [collection.outline(font, glyph) for font, glyph in collection.order]
    ends = [0]
    for outline in outlines:
        ends.append(ends[-1] + len(outline))
    count = len(outlines)
    head, hhea, maxp = (bytearray(first.tables[tag]) for tag in ("head", "hhea", "maxp"))
    struct.pack_into(">h", head, 50, 0)  # short offsets: halves, so that outlines may reach 128 kB
    struct.pack_into(">H", hhea, 34, count)
    struct.pack_into(">H", maxp, 4, count)
    for field in range(6, 32, 2):  # the limits hold for the glyphs of every source
        struct.pack_into(
            ">H", maxp, field, max(struct.unpack_from(">H", f.tables["maxp"], field)[0] for f in fonts)
        )
    return _woff({
        "OS/2": first.tables["OS/2"],
        "cmap": _cmap(numbers),
        "glyf": b"".join(outlines),
        "head": bytes(head),
        "hhea": bytes(hhea),
        "hmtx": b"".join(font.metrics(glyph) for font, glyph in collection.order),
        "loca": struct.pack(f">{count + 1}H", *(end // 2 for end in ends)),
        "maxp": bytes(maxp),
        "name": _names(first.tables["name"]),
        "post": struct.pack(">I", 0x00030000) + first.tables["post"][4:32],
    })  # fmt: skip
