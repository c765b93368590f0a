"""The product's own source as syntax trees, for rules that hold over all of it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)

ROOT = Path(__file__).parents[2]
PARTS = ("api", "web", "workers", "tenants", "matcher", "infra", "mentorweave")


def trees(*parts: str) -> dict[str, ast.Module]:
    """Path within the project to its tree, for these parts of the house."""
    return {path: tree for part in parts or PARTS for path, tree in _trees(part).items()}


@cache
def _trees(part: str) -> dict[str, ast.Module]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text())
        for path in sorted((ROOT / part).rglob("*.py"))
    }


def nodes(tree: ast.AST, kind: type[Node]) -> list[Node]:
    """Every node of one class. A tree is walked through once, however many rules look at it."""
    return _by_class(tree).get(kind, [])  # type: ignore[return-value]  # filed under its own class


@cache
def _by_class(tree: ast.AST) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = {}
    for node in ast.walk(tree):
        found.setdefault(type(node), []).append(node)
    return found


def forget() -> None:
    """The trees of the whole product are a weight that no other test should carry."""
    _trees.cache_clear()
    _by_class.cache_clear()


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Every call of a function or method of one of these names."""
    for node in nodes(tree, ast.Call):
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
        if name in names:
            yield node


def texts(tree: ast.AST) -> set[str]:
    """Every text constant."""
    return {node.value for node in nodes(tree, ast.Constant) if isinstance(node.value, str)}


def attributes(tree: ast.AST, owner: str) -> set[str]:
    """`X` of every `owner.X`."""
    return {
        node.attr
        for node in nodes(tree, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == owner
    }


@cache
def modules(package: str) -> list[Any]:
    """Every module below a package, imported."""
    top = importlib.import_module(package)
    names = [one.name for one in pkgutil.walk_packages(top.__path__, f"{package}.")]
    return [importlib.import_module(name) for name in names]
