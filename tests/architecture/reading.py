"""The product's own source as syntax trees, for rules that hold over all of it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PARTS = ("api", "web", "workers", "tenants", "matcher", "infra", "mentorweave")


@cache
def trees(*parts: str) -> dict[str, ast.Module]:
    """Path within the project to its tree, for these parts of the house."""
    found = {}
    for part in parts or PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            found[str(path.relative_to(ROOT))] = ast.parse(path.read_text())
    return found


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Every call of a function or method of one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            if name in names:
                yield node


def texts(tree: ast.AST) -> set[str]:
    """Every text constant."""
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def attributes(tree: ast.AST, owner: str) -> set[str]:
    """`X` of every `owner.X`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner
    }


def modules(package: str) -> list[Any]:
    """Every module below a package, imported."""
    top = importlib.import_module(package)
    names = [one.name for one in pkgutil.walk_packages(top.__path__, f"{package}.")]
    return [importlib.import_module(name) for name in names]
