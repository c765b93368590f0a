"""
The static files: built once, named by their content, kept for ever by browsers.

`python -m web.assets` joins the sheets, copies htmx and the heading font out of
`node_modules`, and writes everything with a gzip twin and a manifest to
`web/static/built`. At run time `url` gives the address of a file and `find`
its bytes; a name that holds the digest of its content never needs asking again.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from web import fonts, sheet

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "built"
MODULES = Path(__file__).parent.parent / "node_modules"
PREFIX = "/static/"
FOREVER = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff": "font/woff",
    ".svg": "image/svg+xml",
}


class AssetsMissing(Exception):
    """Something has to be fetched or built first; the text says what, and by which command."""


@dataclass(frozen=True, slots=True)
class Asset:
    """What goes over the wire: the body, and how it is to be labelled."""

    body: bytes
    content_type: str
    encoding: str | None


def _foreign(path: str) -> bytes:
    file = MODULES / path
    if not file.is_file():
        raise AssetsMissing(
            f"{file.relative_to(MODULES.parent)} is not there. Run `npm ci` in the project's folder, "
            "then `python -m web.assets` again."
        )
    return file.read_bytes()


def _script(text: str) -> str:
    """Our own script without indentation, empty lines and lines that only comment."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _write(name: str, body: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    named = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
    _replace(named, body)
    if ending != "woff":  # already compressed inside
        _replace(f"{named}.gz", gzip.compress(body, 9, mtime=0))
    return named


def _replace(name: str, body: bytes) -> None:
    """Made aside and moved, since a process may be reading the old one, or making the same."""
    fresh = BUILT.with_name(f"{name}.{os.getpid()}")
    fresh.write_bytes(body)
    fresh.replace(BUILT / name)


def build() -> dict[str, str]:
    """Write all files anew and remove those of earlier builds; returns the manifest."""
    latin = _foreign("@fontsource/source-serif-4/files/source-serif-4-latin-600-normal.woff")
    extended = _foreign("@fontsource/source-serif-4/files/source-serif-4-latin-ext-600-normal.woff")
    htmx = _foreign("htmx.org/dist/htmx.min.js")
    BUILT.mkdir(parents=True, exist_ok=True)
    old = set(BUILT.iterdir())

    manifest = {"mw-serif.woff": _write("mw-serif.woff", fonts.merge(latin, extended))}
    css = sheet.join(STATIC / "css" / "site.css").replace("mw-serif.woff", manifest["mw-serif.woff"])
    manifest["site.css"] = _write("site.css", css.encode())
    manifest["htmx.js"] = _write("htmx.js", re.sub(rb"\n?//# sourceMappingURL=.*", b"", htmx))
    script = _script((STATIC / "js" / "app.js").read_text(encoding="utf-8"))
    manifest["app.js"] = _write("app.js", script.encode())
    script = _script((STATIC / "js" / "passkey.js").read_text(encoding="utf-8"))
    manifest["passkey.js"] = _write("passkey.js", script.encode())
    _replace("manifest.json", json.dumps(manifest, indent=1).encode())

    kept = {BUILT / "manifest.json"} | {
        BUILT / f"{name}{end}" for name in manifest.values() for end in ("", ".gz")
    }
    for file in old - kept:
        file.unlink(missing_ok=True)
    _manifest.cache_clear()
    find.cache_clear()
    staff_rules.cache_clear()
    return manifest


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsMissing("The static files are not built. Run `python -m web.assets`.") from None
    return manifest


def url(name: str) -> str:
    """The address of `site.css`, `app.js`, `passkey.js` or `htmx.js` in this build."""
    return PREFIX + _manifest()[name]


@lru_cache(maxsize=64)
def find(name: str, *, accepts_gzip: bool) -> Asset | None:
    """The file behind an address under `PREFIX`; None for whatever the manifest does not name."""
    if name not in _manifest().values():
        return None
    file = BUILT / name
    packed = BUILT / f"{name}.gz"
    if accepts_gzip and packed.exists():
        return Asset(packed.read_bytes(), TYPES[file.suffix], "gzip")
    return Asset(file.read_bytes(), TYPES[file.suffix], None)


@lru_cache(maxsize=1)
def participant_rules() -> tuple[sheet.Rule, ...]:
    """The rules that participant and signed-out pages choose from; read from the sources, so no build is needed."""
    return sheet.parse(sheet.join(STATIC / "css" / "participant.css"))


@lru_cache(maxsize=1)
def staff_rules() -> tuple[sheet.Rule, ...]:
    """The rules of `site.css`, for the first page that a browser sees before it has the file."""
    css = (BUILT / _manifest()["site.css"]).read_text(encoding="utf-8")
    # In a page, an address is not read beside the sheet.
    return sheet.parse(css.replace(_manifest()["mw-serif.woff"], url("mw-serif.woff")))


@lru_cache(maxsize=1)
def favicon() -> str:
    """The icon as a data: address, which saves every first visit a request."""
    icon = (STATIC / "favicon.svg").read_bytes().strip()
    return "data:image/svg+xml;base64," + base64.b64encode(icon).decode()


def main() -> int:
    try:
        manifest = build()
    except AssetsMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    for name in manifest.values():
        sys.stdout.write(f"{PREFIX}{name}  {(BUILT / name).stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
