"""Finds every regular expression of the product, how it is used, and texts that are made to keep it busy."""

import ast
import importlib
import itertools
import re
import re._parser as reading  # type: ignore[import-not-found]  # Python's own reader of patterns has no types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.architecture.reading import calls, nodes, trees

USES = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
_SAMPLES = {"SPACE": " ", "DIGIT": "1", "WORD": "a", "NOT_SPACE": "a", "NOT_DIGIT": "a", "NOT_WORD": "-"}


@dataclass(frozen=True)
class Used:
    """A pattern as the code uses it. `key` names it for whoever has to say why it may be slow."""

    path: str
    pattern: Any
    flags: int
    use: str

    @property
    def key(self) -> tuple[str, str]:
        return self.path, str(self.pattern)[:12]

    def run(self) -> Callable[[Any], Any]:
        compiled = re.compile(self.pattern, self.flags)
        nothing: Any = b"" if isinstance(self.pattern, bytes) else ""
        if self.use in ("sub", "subn"):
            return lambda text: compiled.sub(nothing, text)
        if self.use == "finditer":
            return lambda text: list(compiled.finditer(text))
        method: Callable[[Any], Any] = getattr(compiled, self.use)
        return method

    def texts(self, length: int) -> Iterator[Any]:
        """Runs of each sign and pair of signs that the pattern asks for, at its beginning or alone, that end in what it does not take."""
        plain = self.pattern.decode("latin-1") if isinstance(self.pattern, bytes) else self.pattern
        signs = list(_signs(reading.parse(plain, self.flags)))
        seen = list(dict.fromkeys(signs))[:12]
        head = "".join(signs[:6])
        for unit in (*seen, *(a + b for a, b in itertools.permutations(seen[:5], 2))):
            for before in dict.fromkeys(("", head)):
                text = (before + unit * (length // len(unit)))[: length - 1] + "\0"
                yield text.encode("latin-1", "replace") if isinstance(self.pattern, bytes) else text


def every() -> list[Used]:
    return [
        Used(path, pattern, flags, use)
        for path, tree in trees("api", "web", "workers", "tenants", "infra", "mentorweave").items()
        for call, name in _written(tree)
        for pattern, flags in [_read(path, call)]
        for use in sorted(_uses(path, call, name))
    ]


def _written(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Calls of re, with the name that a compiled pattern gets."""
    names = {
        id(node.value): node.targets[0].id
        for node in nodes(tree, ast.Assign)
        if isinstance(node.targets[0], ast.Name)
    }
    for call in calls(tree, "compile", *USES):
        of = call.func
        if isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == "re":
            yield call, names.get(id(call), "")


def _read(path: str, call: ast.Call) -> tuple[Any, int]:
    module = vars(importlib.import_module(path.removesuffix(".py").replace("/", "."))) | {"re": re}
    flags = [one.value for one in call.keywords if one.arg == "flags"]
    if call.func.attr == "compile" and len(call.args) > 1:  # type: ignore[attr-defined]  # see _written
        flags.append(call.args[1])
    evaluated = [eval(ast.unparse(one), module) for one in (call.args[0], *flags)]
    return evaluated[0], int(sum(evaluated[1:]))


def _uses(path: str, call: ast.Call, name: str) -> set[str]:
    """How it is used; a pattern that is handed on without a name may be used in both ways."""
    used = call.func.attr  # type: ignore[attr-defined]  # see _written
    if used != "compile":
        return {used}
    module = path.removesuffix(".py").replace("/", ".")
    found = {
        one.func.attr
        for elsewhere, tree in trees("api", "web", "workers", "tenants", "infra", "mentorweave").items()
        if name and (elsewhere == path or _imports(tree, module))
        for one in calls(tree, *USES)
        if isinstance(one.func, ast.Attribute) and _last(one.func.value) == name
    }
    return found or {"search", "fullmatch"}


def _imports(tree: ast.Module, module: str) -> bool:
    named = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return any(
        node.module == module or any(f"{node.module}.{one.name}" == module for one in node.names)
        for node in named
    )


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _signs(parsed: Any) -> Iterator[str]:
    for operation, value in parsed:
        match str(operation):
            case "LITERAL":
                yield chr(value)
            case "NOT_LITERAL" | "ANY":
                yield "a"
            case "IN":
                yield from _of_set(value)
            case "BRANCH":
                for branch in value[1]:
                    yield from _signs(branch)
            case "SUBPATTERN":
                yield from _signs(value[3])
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from _signs(value[2])
            case "ASSERT" | "ASSERT_NOT":
                yield from _signs(value[1])
            case "ATOMIC_GROUP":
                yield from _signs(value)


def _of_set(members: Any) -> Iterator[str]:
    some: list[str] = []
    for operation, value in members:
        match str(operation):
            case "LITERAL":
                some.append(chr(value))
            case "RANGE":
                some.append(chr(value[0]))
            case "CATEGORY":
                some.append(_SAMPLES[str(value).removeprefix("CATEGORY_")])
    if str(members[0][0]) == "NEGATE":
        some = [one for one in 'a1 -"<(@.`' if one not in some][:3]
    yield from some[:5]
