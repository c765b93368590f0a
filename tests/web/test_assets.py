import gzip
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from web import assets, fonts

ROOT = Path(__file__).parents[2]


def test_names_follow_content(built: dict[str, str]) -> None:
    assert assets.build() == built
    assert assets.url("site.css") == f"/static/{built['site.css']}"
    assert sorted(built) == ["app.js", "htmx.js", "mw-serif.woff", "passkey.js", "site.css"]


def test_find_prefers_the_packed_twin(built: dict[str, str]) -> None:
    plain = assets.find(built["site.css"], accepts_gzip=False)
    packed = assets.find(built["site.css"], accepts_gzip=True)
    assert (plain.encoding, packed.encoding) == (None, "gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert built["mw-serif.woff"].encode() in plain.body
    assert assets.find(built["mw-serif.woff"], accepts_gzip=True).encoding is None


@pytest.mark.parametrize("name", ["manifest.json", "../css/site.css", "site.css", ""])
def test_find_knows_only_the_manifest(built: dict[str, str], name: str) -> None:
    assert assets.find(name, accepts_gzip=True) is None


def test_build_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    assert assets.main() == 1
    assert "Run `npm ci`" in capsys.readouterr().err


def test_budgets(built: dict[str, str]) -> None:
    """In bytes packed; gzip, so brotli only gets better."""
    size = {name: len(assets.find(file, accepts_gzip=True).body) for name, file in built.items()}
    assert size["site.css"] <= 12_000
    assert size["app.js"] <= 5_000
    assert size["app.js"] + size["htmx.js"] <= 22_000
    assert size["mw-serif.woff"] <= 19_000
    # Leaves 7 kB for the page itself within the first view of 50 kB.
    assert sum(size.values()) <= 43_000


def test_font_holds_the_names_of_many_countries(built: dict[str, str]) -> None:
    font = fonts.Font.read((assets.BUILT / built["mw-serif.woff"]).read_bytes())
    for text in ("Hadžić", "Şahin", "Łukasz", "Ştefănescu", "Țurcanu", "Élodie", "Ærø", "“62 of 80” – 5 €…"):
        assert [sign for sign in text if ord(sign) not in font.characters] == []
    count = struct.unpack_from(">H", font.tables["maxp"], 4)[0]
    assert len(font.offsets) == count + 1
    assert len(font.tables["hmtx"]) == 4 * count
    assert max(font.characters.values()) < count
    parts = [font.outline(glyph) for glyph in range(count)]
    referred = [struct.unpack_from(">H", p, at)[0] for p in parts for at in fonts._components(p)]
    assert all(0 < glyph < count for glyph in referred)


def test_lock_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock
    assert (ROOT / ".npmrc").read_text() == "omit-lockfile-registry-resolved=true\n"


def test_assets_need_no_framework() -> None:
    """The build runs before anything is served, so it stays light."""
    code = "import sys, web.assets; print('litestar' in sys.modules or 'sqlalchemy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
