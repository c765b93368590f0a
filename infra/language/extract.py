"""
`python -m infra.language.extract`: collects every marked text, brings the catalogues up to date and reports.

Nothing is guessed: a changed text is a new text and stays empty until somebody
translates it, since a fuzzy match reads well and says the wrong thing. What is no
longer used is kept below as obsolete and comes back with its translation.
"""

import sys
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from infra import clock
from infra.language import catalogues
from infra.language.compile import compile_all
from infra.language.languages import SOURCE, installed, language

ROOT = Path(__file__).parents[2]
FOLDERS = ("api", "infra", "tenants", "web", "workers")
METHODS = [
    ("static/**", "ignore"),
    ("migrations/**", "ignore"),
    ("**.py", "infra.language.python_texts:python_texts"),
    *((f"**.{ending}", "jinja2") for ending in ("html", "mjml", "txt", "xml")),
]
OPTIONS = {
    f"**.{ending}": {
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
    }
    for ending in ("html", "mjml", "txt", "xml")
}
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "NN_": (1, 2), "lazy": None}
# The order in which translators' tools number the Arabic forms: none, one, two, few, many, other (CLDR's names).
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
}


def extracted(root: Path = ROOT) -> Catalog:
    """Every marked text of the source, with the files it stands in."""
    template = Catalog(project="Mentorweave", charset="utf-8", fuzzy=False)
    for folder in FOLDERS:
        if not (root / folder).is_dir():
            continue
        found = extract_from_dir(
            root / folder,
            METHODS,
            OPTIONS,
            keywords=KEYWORDS,
            comment_tags=("l10n:",),
            strip_comment_tags=True,
            # Babel would pass over folders that begin with an underscore, and with them the macros.
            directory_filter=lambda path: not Path(path).name.startswith("."),
        )
        for name, line, message, comments, context in found:
            template.add(
                message, locations=[(f"{folder}/{name}", line)], auto_comments=comments, context=context
            )
    return template


def updated(code: str, template: Catalog) -> Catalog:
    return refreshed(
        catalogues.read(code) if catalogues.source_path(code).is_file() else _new(code), template
    )


def refreshed(catalogue: Catalog, template: Catalog) -> Catalog:
    """The texts of the template with the translations of the catalogue, obsolete ones included."""
    for message in list(catalogue.obsolete.values()):
        catalogue[message.id] = message
    catalogue.obsolete.clear()
    # Babel keeps the messages of the template themselves: with one for all, French would go into the Arabic catalogue.
    catalogue.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    for key in [key for key, message in catalogue.obsolete.items() if not _is_complete(message)]:
        del catalogue.obsolete[key]
    return catalogue


def missing(catalogue: Catalog) -> list[Message]:
    """The texts without a translation; a text with a number needs every form."""
    return [m for m in catalogue if m.id and not _is_complete(m)]


def write(code: str, catalogue: Catalog) -> None:
    buffer = BytesIO()
    # Without line numbers, which would change every catalogue with every commit.
    write_po(buffer, catalogue, width=110, sort_by_file=True, include_lineno=False)
    path = catalogues.source_path(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".po.new")
    fresh.write_bytes(buffer.getvalue())
    fresh.replace(path)


def _is_complete(message: Message) -> bool:
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(forms)


def _new(code: str) -> Catalog:
    name = language(code).locale.get_language_name("en")
    catalogue = Catalog(
        locale=code,
        project="Mentorweave",
        version="1",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# Mentorweave: {name}.",
        language_team=name,
        revision_date=clock.now(),
    )
    # Given to the constructor, an empty value would become a placeholder.
    catalogue.msgid_bugs_address = catalogue.last_translator = ""
    if code in PLURALS:
        catalogue.mime_headers = [("Plural-Forms", PLURALS[code])]
    return catalogue


def main(codes: list[str]) -> int:
    template = extracted()
    catalogues_now = {code: updated(code, template) for code in codes or installed()}
    for code, catalogue in catalogues_now.items():
        write(code, catalogue)
    compile_all()
    lacking = {code: missing(catalogue) for code, catalogue in catalogues_now.items() if code != SOURCE}
    for code, empty in lacking.items():
        print(f"{code}: {len(catalogues_now[code])} texts, {len(empty)} to translate")  # noqa: T201  a command's answer
        for message in empty:
            first = message.id[0] if isinstance(message.id, tuple) else message.id
            where = ", ".join(sorted({file for file, _ in message.locations}))
            print(f"  {first!r} ({where})")  # noqa: T201
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
