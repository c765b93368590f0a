"""
Where compiled kernels are kept, under names that say what they were compiled from.

numba looks at the one file that a kernel stands in. But what a kernel calls in other files is compiled into it, and what is kept
names types of other files: after an upgrade in place old code would run, or nothing would load. So the name of each
kept file bears a digest of every source that the kernel's module imports, and of numba, LLVM and numpy.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite
import numba
import numpy as np
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    InTreeCacheLocator,
    UserProvidedCacheLocator,
    UserWideCacheLocator,
)

HOME = Path(__file__).parent
VERSIONS = f"numba {numba.__version__} llvmlite {llvmlite.__version__} numpy {np.__version__}"
LENGTH = 16
"""Digits of a digest in a name: enough that no two versions of the sources share one."""

IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]*)|import\s+([\w.]+))", re.MULTILINE)
NO_NAME = re.compile(r"\bas\s+\w+|#.*")


class Source(NamedTuple):
    digest: bytes
    imports: frozenset[tuple[str, str]]
    """A module, or a package, and what is taken from it, "" for itself."""


def read(path: Path) -> Source:
    text = path.read_bytes()
    imports: set[tuple[str, str]] = set()
    for module, names, whole in IMPORT.findall(text.decode()):
        imports.update((module, name) for name in re.findall(r"\w+", NO_NAME.sub("", names)))
        imports.add((whole, ""))
    return Source(hashlib.sha256(text).digest(), frozenset(imports))


def read_all(home: Path) -> dict[str, Source]:
    """By name of the module."""
    files = {path: path.relative_to(home.parent).with_suffix("") for path in home.rglob("*.py")}
    return {".".join(name.parts).removesuffix(".__init__"): read(path) for path, name in files.items()}


SOURCES = {name: source for name, source in read_all(HOME).items() if name != __name__}
"""
As they were when this process began, without this module, which is part of no kernel. Should they change under it, what it
compiles is of the old ones, in part at least, and must not be found by those who begin after it.
"""


def digest_of(module: str, own: Source, sources: dict[str, Source]) -> str:
    """Of a module and all that it imports of `sources`, over however many steps."""
    known = {module: own}
    new = [own]
    while new:
        places = [
            f"{place}.{name}" if f"{place}.{name}" in sources else place
            for source in new
            for place, name in source.imports
        ]
        found = {place: sources[place] for place in places if place in sources}
        new = [source for name, source in found.items() if name not in known]
        known |= found
    lines = [VERSIONS, *(f"{name} {known[name].digest.hex()}" for name in sorted(known))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:LENGTH]


@cache
def digest_of_file(path: Path) -> str:
    """A file elsewhere, of a test say, counts as it is now."""
    if path.is_relative_to(HOME):
        name = ".".join(path.relative_to(HOME.parent).with_suffix("").parts)
        return digest_of(name, SOURCES[name], SOURCES)
    return digest_of("", read(path), SOURCES)


@cache
def sweep(folder: Path, kept: Path) -> None:
    """Deletes what no process that begins now can use: compiled from other sources in `folder`, or from some that are gone."""
    for path in kept.glob("*.nb[ic]"):
        source = folder / f"{path.name.partition('.')[0]}.py"
        if not source.exists() or f".{digest_of_file(source)}." not in path.name:
            path.unlink(missing_ok=True)


class FromSources:
    """What is kept is named after the sources, and lies where numba would put it."""

    _py_file: str
    _lineno: int

    def get_disambiguator(self) -> str:
        return f"{self._lineno}.{digest_of_file(Path(self._py_file).resolve())}"

    def get_source_stamp(self) -> str:
        return self.get_disambiguator()


class BesideSource(FromSources, InTreeCacheLocator):
    def ensure_cache_path(self) -> None:
        InTreeCacheLocator.ensure_cache_path(self)  # type: ignore[no-untyped-call]  # numba's are bare
        source = Path(self._py_file).resolve()
        sweep(source.parent, source.parent / "__pycache__")


class WhereTold(FromSources, UserProvidedCacheLocator):
    pass


class AtHome(FromSources, UserWideCacheLocator):
    pass


class Kept(CompileResultCacheImpl):
    _locator_classes: list[type[object]] = [WhereTold, BesideSource, AtHome]  # noqa: RUF012  # numba's is no constant


class KernelCache(FunctionCache):
    _impl_class = Kept


def keep(dispatcher: Any, function: Callable[..., Any]) -> None:
    """`dispatcher` looks here before it compiles, and leaves here what it compiled; in no file where none can be written."""
    dispatcher._cache = KernelCache(function)  # type: ignore[no-untyped-call]  # numba's are bare
