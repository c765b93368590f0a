"""
Finding marked texts in Python, by its syntax.

Babel's own reader goes by tokens and takes the key of `gettext(TABLE["key"])` for a text.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

Found = tuple[int, str, tuple[str | None, ...], list[str]]


def python_texts(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Babel's interface for extraction methods: line, function, its arguments (None where not a literal), comments."""
    source = file.read().decode()
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or (name := _name(node.func)) not in keywords:
            continue
        texts = tuple(
            arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None
            for arg in node.args
        )
        if any(text is not None for text in texts):
            yield node.lineno, name, texts, _comments(lines, node.lineno, tuple(comment_tags))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _comments(lines: list[str], lineno: int, tags: tuple[str, ...]) -> list[str]:
    """The translator's notes right above the line."""
    above = lines[lineno - 2].strip().removeprefix("#").strip() if lineno > 1 else ""
    return [above] if above.startswith(tags) else []
