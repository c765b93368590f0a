import os
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from infra.language import catalogues, compile, extract, installed

PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])|%%")
COMPLETE = ("ar", "da", "fr")
read = cache(catalogues.read)  # a second for each, and no test changes what it reads


@pytest.fixture(scope="module")
def template():
    return extract.extracted()


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def broken(message: Message) -> bool:
    """
    Whether a translation loses or invents a placeholder.

    A form for one or for two may say its number in a word, but nothing else may go.
    """
    sources, targets = forms(message.id), forms(message.string)
    allowed = set().union(*map(placeholders, sources))
    needed = set.intersection(*map(placeholders, sources))
    number = {"%(num)s", "%(count)s", "%(n)s"} if len(sources) > 1 else set()
    return any(not (needed - number <= placeholders(target) <= allowed) for target in targets)


@pytest.mark.parametrize("code", COMPLETE)
def test_catalogue_translates_every_text(code, template) -> None:
    catalogue = extract.updated(code, template)
    assert [message.id for message in extract.missing(catalogue)] == []


@pytest.mark.parametrize("code", COMPLETE)
def test_catalogue_guesses_nothing_and_keeps_placeholders(code) -> None:
    messages = [message for message in read(code) if message.id]
    assert messages
    assert [message.id for message in messages if message.fuzzy] == []
    assert [
        (message.id, message.string) for message in messages if any(forms(message.string)) and broken(message)
    ] == []


def test_source_catalogue_says_nothing_else_than_the_source() -> None:
    messages = [message for message in read("en") if message.id and any(forms(message.string))]
    assert [
        (message.id, message.string) for message in messages if forms(message.string) != forms(message.id)
    ] == []


@pytest.mark.parametrize(("code", "count"), [("ar", 6), ("da", 2), ("fr", 2)])
def test_catalogue_has_the_plural_forms_of_its_language(code, count) -> None:
    assert read(code).num_plurals == count
    plurals = [message for message in read(code) if message.pluralizable]
    assert {len(message.string) for message in plurals} <= {count}


def test_arabic_forms_are_numbered_as_translators_expect() -> None:
    chosen = catalogues.translations("ar").plural
    assert [chosen(n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)] == [0, 1, 2, 3, 3, 4, 4, 5, 5, 3]


def test_texts_of_templates_and_tables_are_found(tmp_path: Path) -> None:
    room = tmp_path / "web" / "pages"
    room.mkdir(parents=True)
    (room / "a.html").write_text(
        "{% trans n=n %}\n  one\n  day{% pluralize %}{{ n }} days{% endtrans %}{{ _('Go') }}"
    )
    (room / "a.py").write_text(
        "X = {'a': N_('Stop'), 'b': NN_('1 cat', '%(num)s cats')}\nlazy('Later')\n"
        "gettext(X['a key is no text'])\n# l10n: on a button\nlanguage.pgettext('verb', 'Op' 'en')\nother('no')\n"
    )
    (tmp_path / "web" / "static").mkdir()
    (tmp_path / "web" / "static" / "x.html").write_text("{{ _('not ours') }}")
    template = extract.extracted(tmp_path)
    found = {message.id for message in template if message.id}
    assert found == {("one day", "%(n)s days"), "Go", "Stop", ("1 cat", "%(num)s cats"), "Later", "Open"}
    assert template.get("Open", "verb").auto_comments == ["on a button"]


def test_a_text_that_comes_back_brings_its_translation() -> None:
    without, again = Catalog(), Catalog()
    again.add("Gone for a while")
    catalogue = Catalog(locale="fr")
    catalogue.add("Gone for a while", "Parti un moment")
    extract.refreshed(catalogue, without)
    assert [message.id for message in catalogue if message.id] == []
    extract.refreshed(catalogue, again)
    assert catalogue["Gone for a while"].string == "Parti un moment"


def test_a_changed_text_is_not_guessed() -> None:
    changed = Catalog()
    changed.add("Write to her by Monday.")
    catalogue = Catalog(locale="fr")
    catalogue.add("Write to her by Sunday.", "Écrivez-lui avant dimanche.")
    extract.refreshed(catalogue, changed)
    assert [message.id for message in extract.missing(catalogue)] == ["Write to her by Monday."]


def test_a_missing_or_older_mo_is_compiled_in_memory(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(catalogues.source_path("fr").read_text())
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    fresh = catalogues.translations.__wrapped__
    assert fresh("fr").gettext("tomorrow") == "demain"
    (folder / "messages.mo").write_bytes(catalogues.compiled("fr"))
    assert fresh("fr").gettext("tomorrow") == "demain"
    (folder / "messages.mo").write_bytes(b"yesterday's")
    os.utime(folder / "messages.mo", (0, 0))
    assert fresh("fr").gettext("tomorrow") == "demain"


def test_compile_writes_one_mo_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile, "compiled", str.encode)  # what it compiles is looked at above
    monkeypatch.setattr(Path, "replace", lambda fresh, target: fresh.unlink() or target)
    assert [path.parts[-3] for path in compile.compile_all()] == list(installed())


def test_a_translation_stays_in_its_own_catalogue() -> None:
    template = Catalog()
    template.add("Go")
    french = Catalog(locale="fr")
    french.add("Go", "Allez")
    extract.refreshed(french, template)
    assert [one.id for one in extract.missing(extract.refreshed(Catalog(locale="ar"), template))] == ["Go"]
