"""Kernels that were compiled from other sources are never loaded, and what is of these sources is not compiled twice."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matcher import compiled

KERNEL = """
from matcher.columns import I64
from matcher.compiling import lean

@lean
def twice(x: I64) -> None:
    x[0] *= 2
"""


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Digests and swept folders are remembered for a whole process."""
    yield
    compiled.digest_of_file.cache_clear()
    compiled.sweep.cache_clear()


def begin_anew(path: Path) -> Any:
    """As a process that starts now, with the kernel called once."""
    import numpy as np

    compiled.digest_of_file.cache_clear()
    compiled.sweep.cache_clear()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    x = np.ones(1, np.int64)
    module.twice(x)
    assert x[0] == 2
    return module.twice


def was_loaded(kernel: Any) -> bool:
    return sum(kernel.stats.cache_hits.values()) == 1 and not kernel.stats.cache_misses


def kept_files(path: Path) -> set[str]:
    return {file.name for file in (path.parent / "__pycache__").glob(f"{path.stem}.twice-*")}


def test_a_kernel_is_compiled_again_only_when_what_it_imports_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "doubling.py"
    path.write_text(KERNEL)
    assert not was_loaded(begin_anew(path))
    first = kept_files(path)
    assert len(first) == 2
    assert was_loaded(begin_anew(path))

    changed = compiled.SOURCES | {"matcher.scan.lanes": compiled.Source(b"another", frozenset())}
    monkeypatch.setattr(compiled, "SOURCES", changed)
    assert was_loaded(begin_anew(path)), "nothing that it imports"

    changed |= {"matcher.columns": compiled.Source(b"another", frozenset())}
    monkeypatch.setattr(compiled, "SOURCES", changed)
    assert not was_loaded(begin_anew(path))
    second = kept_files(path)
    assert len(second) == 2
    assert not first & second, "the old ones are gone"

    # Of a version that did not name what it was compiled from; and of a module that is no more.
    kept = path.parent / "__pycache__"
    for name in (
        "doubling.twice-6.py311.nbi",
        "doubling.twice-6.py311.1.nbc",
        "gone.f-1.0123456789abcdef.py311.nbi",
    ):
        (kept / name).write_bytes(b"")
    assert was_loaded(begin_anew(path))
    assert {file.name for file in kept.glob("*.nb?")} == second


def test_another_numba_compiles_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "doubling.py"
    path.write_text(KERNEL)
    now = compiled.digest_of_file(path)
    compiled.digest_of_file.cache_clear()
    monkeypatch.setattr(compiled, "VERSIONS", "another")
    assert compiled.digest_of_file(path) != now


def test_imports_are_followed_over_modules_but_not_into_packages(tmp_path: Path) -> None:
    home = tmp_path / "matcher"
    (home / "scan").mkdir(parents=True)
    sources = {
        "__init__.py": "from matcher.far import everything\n",
        "a.py": "from matcher import b as other  # not all of it\nfrom matcher.scan.c import (\n    one,\n    two,\n)\n",
        "b.py": "import matcher.d\n",
        "scan/__init__.py": "",
        "scan/c.py": "def one():\n    from matcher.a import late\n",
        "d.py": "",
        "far.py": "",
    }

    def digest_with(changed: str) -> str:
        for name, text in sources.items():
            (home / name).write_text(text + ("x = 1\n" if name == changed else ""))
        read = compiled.read_all(home)
        return compiled.digest_of("matcher.a", read["matcher.a"], read)

    as_it_was = digest_with("")
    of_change = {name: digest_with(name) != as_it_was for name in sources}
    assert of_change == {
        "__init__.py": False,
        "a.py": True,
        "b.py": True,
        "scan/__init__.py": False,
        "scan/c.py": True,
        "d.py": True,
        "far.py": False,
    }
