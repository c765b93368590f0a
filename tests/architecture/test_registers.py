"""What has to be entered somewhere is entered there, once: pages, rooms, events, jobs, letters, permissions, sentences."""

import ast
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from api.app import ROOMS
from infra.errors import HouseError
from infra.http import problems, sentences
from infra.outbox.jobs import Job
from tenants import sentences as domain
from tenants.audit.words import WORDS
from tenants.notifications.letters import KINDS
from tenants.permissions import ROLE_PERMISSIONS, Permission
from tests.architecture.reading import ROOT, attributes, calls, forget, modules, nodes, trees
from web.app import PAGES
from workers import handling, runner


@pytest.fixture(scope="module", autouse=True)
def _forgotten_at_the_end() -> Iterator[None]:
    yield
    forget()


def _with_routes(folder: str) -> dict[str, ast.Module]:
    """Modules of a folder that export routes, by name."""
    found = {}
    for path, tree in trees(folder.split("/", maxsplit=1)[0]).items():
        is_package = Path(path).name == "__init__.py" and Path(path).parent.parent == Path(folder)
        if Path(path).parent == Path(folder) or is_package:
            named = [
                t.id
                for n in tree.body
                if isinstance(n, ast.Assign)
                for t in n.targets
                if isinstance(t, ast.Name)
            ]
            if "ROUTES" in named:
                found[Path(path).parent.name if is_package else Path(path).stem] = tree
    return found


@pytest.mark.parametrize(("folder", "entered"), [("web/pages", PAGES), ("api", ROOMS)])
def test_every_module_with_routes_is_entered(folder: str, entered: tuple[str, ...]) -> None:
    found = _with_routes(folder)
    # A large room may hand its routes up through a module that is entered: `*other.ROUTES`.
    handed_up = {name for tree in found.values() for name in _names_of_routes(tree)}
    assert set(found) - set(entered) - handed_up == set()
    assert len(entered) == len(set(entered))


def _names_of_routes(tree: ast.Module) -> set[str]:
    return {
        node.value.id
        for node in nodes(tree, ast.Attribute)
        if node.attr == "ROUTES" and isinstance(node.value, ast.Name)
    }


@pytest.mark.parametrize(("folder", "entered"), [("web/pages", PAGES), ("api", ROOMS)])
def test_every_entered_name_is_a_module(folder: str, entered: tuple[str, ...]) -> None:
    missing = [name for name in entered if not list((ROOT / folder).glob(f"{name}*"))]
    assert missing == []


def _enumerations(name: str) -> dict[str, type[StrEnum]]:
    """The classes of this name in the rooms of the domain, by module."""
    found = {}
    for module in modules("tenants"):
        made = getattr(module, name, None)
        if isinstance(made, type) and issubclass(made, StrEnum) and made.__module__ == module.__name__:
            found[module.__name__] = made
    return found


def test_every_audit_event_has_a_name_of_its_own() -> None:
    told = Counter(event.value for kinds in _enumerations("Event").values() for event in kinds)
    assert [name for name, times in told.items() if times > 1] == []


def test_every_audit_event_stands_in_words() -> None:
    told = {event.value for kinds in _enumerations("Event").values() for event in kinds}
    assert told - set(WORDS) == set()
    assert set(WORDS) == told


def test_every_audit_event_is_recorded_somewhere() -> None:
    used = {name for tree in trees("tenants", "workers").values() for name in attributes(tree, "Event")}
    unused = {
        f"{module}.{event.name}"
        for module, kinds in _enumerations("Event").items()
        for event in kinds
        if event.name not in used
    }
    assert unused == set()


def _jobs() -> list[type[Job]]:
    runner.load((*runner.ROOMS, *runner.NUMBERS))
    modules("tenants"), modules("workers")  # a job that nobody imports is a job all the same
    found: list[type[Job]] = []
    waiting: list[type[Job]] = list(Job.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.KIND and not one.__module__.startswith("tests."):
            found.append(one)
    return found


def test_every_job_has_a_kind_of_its_own_and_one_handler() -> None:
    kinds = Counter(job.KIND for job in _jobs())
    assert [kind for kind, times in kinds.items() if times > 1] == []
    assert set(kinds) - set(handling._HANDLERS) == set()


def test_every_module_with_handlers_is_loaded_by_a_worker() -> None:
    with_handlers = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path, tree in trees("workers").items()
        if any(calls(tree, "handles")) and path != "workers/handling.py"
    }
    loaded = {*runner.ROOMS, *runner.NUMBERS}
    imported = {
        name
        for path, tree in trees("workers").items()
        if path.removesuffix(".py").replace("/", ".") in loaded
        for name in with_handlers
        if name.split(".")[-1] in _imported(tree)
    }
    assert with_handlers - loaded - imported == set()


def _imported(tree: ast.Module) -> set[str]:
    """The last part of every name that a module imports, or imports from."""
    named = [
        alias.name
        for kind in (ast.Import, ast.ImportFrom)
        for node in nodes(tree, kind)
        for alias in node.names
    ]
    return {
        name.split(".")[-1] for name in (*named, *(node.module or "" for node in nodes(tree, ast.ImportFrom)))
    }


def _kinds_written() -> set[str]:
    """Kinds of letters that some action promises by a plain name."""
    found = set()
    for tree in trees("tenants", "workers").values():
        named = _constants(tree)
        for call in calls(tree, "write"):
            if len(call.args) >= 3:
                kind = call.args[2]
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    found.add(kind.value)
                elif isinstance(kind, ast.Name) and kind.id in named:
                    found.add(named[kind.id])
    return found


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def test_every_letter_that_is_promised_has_a_writer() -> None:
    modules("tenants")
    written = _kinds_written()
    assert len(written) > 5
    assert written - set(KINDS) == set()


def test_every_writer_of_letters_writes_for_somebody() -> None:
    modules("tenants")
    named = {text for tree in trees("tenants", "workers").values() for text in _sent_texts(tree)}
    unsent = {kind for kind in KINDS if kind not in named and not _is_built(kind, named)}
    assert unsent == set()


def _sent_texts(tree: ast.Module) -> set[str]:
    """Texts of a module, without those in the decorators that register the writers themselves."""
    own = set()
    for node in (*nodes(tree, ast.AsyncFunctionDef), *nodes(tree, ast.FunctionDef)):
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "letter":
                own |= {id(argument) for argument in ast.walk(decorator)}
    return {
        node.value
        for node in nodes(tree, ast.Constant)
        if isinstance(node.value, str) and id(node) not in own
    }


def _is_built(kind: str, named: set[str]) -> bool:
    """Whether an f-string may make it: `proposal.` and `remind` apart."""
    room, _, rest = kind.partition(".")
    return f"{room}." in named and rest in named


def test_every_permission_is_asked_for_and_given() -> None:
    asked = {
        name
        for path, tree in trees("tenants", "api", "web").items()
        if path != "tenants/permissions.py"
        for name in attributes(tree, "Permission")
    }
    given = frozenset[Permission]().union(*ROLE_PERMISSIONS.values())
    assert {one.name for one in Permission} - asked == set()
    assert set(Permission) - given == set()


def _subclasses(of: type[HouseError]) -> set[type[HouseError]]:
    return {one for direct in of.__subclasses__() for one in {direct, *_subclasses(direct)}}


def test_every_error_of_the_domain_has_a_sentence() -> None:
    modules("tenants")
    known = {**sentences.FIELD_SENTENCES, **domain.every()}
    silent = {
        f"{error.__module__}.{error.__name__}: {error.code}"
        for error in _subclasses(HouseError)
        if error.__module__.startswith("tenants.")
        and "code" in vars(error)
        and problems.status_of(error) != 404  # whatever is not there is answered with one body
        and error.code not in known
    }
    assert silent == set()


def test_every_problem_of_a_field_has_a_sentence() -> None:
    known = {**sentences.FIELD_SENTENCES, **domain.every()}
    silent = set()
    for path, tree in trees("tenants", "web", "api").items():
        for call in calls(tree, "Problem"):
            code = call.args[1] if len(call.args) > 1 else None
            is_text = isinstance(code, ast.Constant) and isinstance(code.value, str)
            if is_text and code.value not in known and "/roster/" not in path:  # type: ignore[union-attr]
                silent.add(f"{path}:{call.lineno}: {code.value}")  # type: ignore[union-attr]
    assert silent == set()


def test_no_code_has_two_sentences() -> None:
    """`tenants.sentences` puts all rooms' sentences together: of two under one code, one would be lost."""
    said: dict[str, set[str]] = {}
    for module in modules("tenants"):
        if module.__name__.endswith(".words"):
            for code, sentence in getattr(module, "SENTENCES", {}).items():
                said.setdefault(code, set()).add(sentence)
    for code, sentence in sentences.FIELD_SENTENCES.items():
        said.setdefault(code, set()).add(sentence)
    assert {code for code, words in said.items() if len(words) > 1} == set()


def test_every_kind_of_task_has_a_sentence() -> None:
    """Whatever is put on a desk, the desk can say."""
    asked = _kinds_of_tasks()
    said = texts_of_desk()
    assert len(asked) > 3
    assert asked - said == set()


def _kinds_of_tasks() -> set[str]:
    found = set()
    for tree in trees("tenants", "workers").values():
        for call in calls(tree, "ask"):
            kind: Any = call.args[2] if len(call.args) > 2 else None
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                found.add(kind.value)
    return found


def texts_of_desk() -> set[str]:
    """Texts that name a kind of task where the desk puts it into words: a table of kinds in code of the doors or rooms."""
    found = set()
    for path, tree in trees("web", "tenants").items():
        if "words" in path or path.startswith("web/"):
            for node in nodes(tree, ast.Dict):
                found |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return found
