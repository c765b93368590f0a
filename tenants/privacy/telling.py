"""What was gathered of somebody, written for programs (JSON) and for herself (a document in her language)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from infra import clock, language
from infra.language import N_, isolated
from infra.language import gettext as _
from infra.typesetting import Document, Entry, Section, pdf
from tenants.people.words import ROLE_NAMES as ROLES
from tenants.privacy import gathering
from tenants.privacy.gathering import Gathered
from tenants.privacy.words import CODES, KEPT, NOTED, PURPOSES
from tenants.programmes.rules import text_in
from tenants.registration.consents import TEXTS
from tenants.registration.telling import plainly
from tenants.registration.words import LEVEL_NAMES

FORMAT = "mentorweave/personal-copy/1"
LONGEST = 4_000  # characters of one value on paper; the other form has all of it
CONSENTS = {text.purpose.value: text.title for text in TEXTS}
YES_NO = {True: N_("yes"), False: N_("no")}


def as_json(found: Gathered, *, organisation: str, made_at: datetime) -> bytes:
    """
    Every value as it is kept; ids only where they have a name that she knows.

    Columns have their names of the database, labels and purposes are in the language spoken here.
    """
    told = {
        "format": FORMAT,
        "organisation": organisation,
        "made_at": made_at.isoformat(),
        "language": language.current(),
        "sections": [
            {
                "name": one.mapped.name,
                "title": _(one.mapped.title),
                "purpose": _(PURPOSES[one.mapped.purpose]),
                "kept": kept(one.mapped.kept),
                "labels": {name: _(column.label) for name, column in one.columns},
                "rows": [{name: _plain(found, name, row[name]) for name in row} for row in one.rows],
            }
            for one in found.sections
        ],
        "questions": {
            key: {"text": one.label, "answers": {each["value"]: each["label"] for each in one.options}}
            for key, one in found.questions.items()
        },
        "not_given": [
            {"name": f"{mapped.name}.{column}", "rows": count, "why": _(NOTED[f"{mapped.name}.{column}"])}
            for mapped, column, count in found.noted
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2)


def as_pdf(found: Gathered, *, organisation: str, made_at: datetime) -> bytes:
    return pdf(document(found, organisation=organisation, made_at=made_at))


def document(found: Gathered, *, organisation: str, made_at: datetime) -> Document:
    zone = found.person.time_zone
    sections = [
        Section(
            _(one.mapped.title),
            f"{_(PURPOSES[one.mapped.purpose])} {kept(one.mapped.kept)}",
            [
                [
                    Entry(_(column.label), words)
                    for name, column in one.columns
                    if (words := _worded(found, one.mapped.name, name, row[name], zone))
                ]
                for row in one.rows
            ],
        )
        for one in found.sections
    ]
    if found.noted:
        sections.append(
            Section(
                _("What is not in this copy"),
                _("It tells of you too. Others wrote it, or it names others."),
                [
                    [
                        Entry(_(mapped.title) if mapped.title else "", _(NOTED[f"{mapped.name}.{column}"]))
                        for mapped, column, _count in found.noted
                    ]
                ],
            )
        )
    return Document(
        title=_("All that we keep of you"),
        lede=_(
            "This is your copy of what %(organisation)s keeps of you in its mentoring programmes. Is something wrong? Tell your coordinator, or correct it on your page.",
            organisation=isolated(organisation),
        ),
        sections=sections,
        foot=_("Your data at %(organisation)s, %(day)s", organisation=isolated(organisation), day=language.day(made_at.date())),
        language=language.current(),
        made_at=made_at,
    )  # fmt: skip


def kept(one: Any) -> str:
    """For how long, as a sentence."""
    if one.rule == "days":
        return language.ngettext("Kept for one day.", "Kept for %(num)s days.", one.days)
    return _(KEPT[one.rule])


def _plain(found: Gathered, column: str, value: Any) -> Any:
    if column in gathering.NAMED:
        return _name(found, value)
    return value


def _name(found: Gathered, value: Any) -> str | None:
    """What an id stands for, in the reader's language; None for what she has not been told."""
    name = found.names.get(value)
    if isinstance(name, Mapping):
        return text_in(dict(name), language.current(), list(name))
    return name


def _worded(found: Gathered, table: str, column: str, value: Any, zone: str) -> str:
    """A value as one reads it; '' where there is none."""
    if column in gathering.NAMED:
        return isolated(_name(found, value) or "")
    if column == "answers" and isinstance(value, Mapping):
        return _answers(found, table, value, zone)[:LONGEST]
    return _words(table, column, value, zone)[:LONGEST]


def _answers(found: Gathered, table: str, value: Mapping[str, Any], zone: str) -> str:
    """Each with its question, in the reader's language."""
    told = []
    for key, one in value.items():
        question = found.questions.get(key)
        if question is None:
            told.append((key, _words(table, "answers", one, zone)))
        else:
            is_plain = question.field is None
            words = (
                plainly(question, one, list(question.label))
                if is_plain
                else _words(table, "answers", one, zone)
            )
            told.append((text_in(question.label, language.current(), list(question.label)), words))
    return "; ".join(f"{isolated(name)}: {isolated(words)}" for name, words in told if words)


def _words(table: str, column: str, value: Any, zone: str) -> str:
    words = ""
    match value:
        case None | UUID():
            pass
        case bool():
            words = _(YES_NO[value])
        case datetime():
            words = _moment(value, zone)
        case date():
            words = language.day(value)
        case int() | float():
            words = language.number(value)
        case list():
            words = language.listed([_words(table, column, one, zone) for one in value])
        case dict():
            words = _object(table, column, value, zone)
        case str() if value:
            words = _code(table, column, value)
    return words


def _moment(value: datetime, zone: str) -> str:
    """With the year, since this is read years later."""
    when = language.day(clock.local(value, zone).date())
    return _("%(day)s, %(time)s", day=when, time=language.time_zoned(value, zone))


def _object(table: str, column: str, value: Mapping[str, Any], zone: str) -> str:
    if set(value) == {"code", "level"}:
        name, level = language.language_name(value["code"]), _(LEVEL_NAMES[value["level"]])
        return _("%(language)s (%(level)s)", language=name, level=level)
    parts = [(name, _words(table, column, one, zone)) for name, one in value.items()]
    return "; ".join(f"{name}: {words}" for name, words in parts if words)


def _code(table: str, column: str, value: str) -> str:
    if column == "purpose":
        return _(CONSENTS[value]) if value in CONSENTS else value
    if column == "language":
        return language.language_name(value)
    if column == "time_zone":
        return language.city(value)
    known = CODES.get(f"{table}.{column}", {}) or CODES.get(column, {})
    if value in known:
        return _(known[value])
    if column == "role" and value in ROLES:
        return _(ROLES[value])  # type: ignore[index]  # a role is its own text
    return isolated(value)
