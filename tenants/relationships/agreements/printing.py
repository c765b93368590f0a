"""Agreement and activity plan as one paper, in the languages of the people who sign it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, SOURCE, day, installed, isolated, use
from infra.language import gettext as _
from infra.typesetting.columns import Part, Sheet
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.relationships.agreements import plans, templates
from tenants.relationships.agreements.queries import SIGNED, Shown
from tenants.relationships.agreements.rules import OTHER

COLUMNS = 2  # more would not fit beside each other: each reader has her own language and one other


async def document(session: AsyncSession, shown: Shown, language: str) -> Sheet:
    """
    The agreement as it stands, with the plan. `language` is the reader's; the other column is that of the others.

    What has been signed is printed in the very words that were signed.
    """
    bodies = await _bodies(session, shown, language)
    spoken = list(bodies)
    plan = await plans.latest(session, shown.relationship.id)
    organisation = await organisations.own(session)
    now = clock.now()
    today = clock.local(now, organisation.time_zone).date()
    parts = [
        Part("title", [body["title"] for body in bodies.values()]),
        *_people(shown, list(bodies.values())),
        Part("text", [body["intro"] for body in bodies.values()]),
        *_sections(list(bodies.values())),
        Part("line"),
        *_content(shown, bodies),
        *_signatures(shown, bodies, organisation.time_zone),
        *(_plan(plan.content, spoken) if plan else []),
    ]
    return Sheet(
        title=bodies[spoken[0]]["title"],
        languages=spoken,
        parts=parts,
        foot=f"{organisation.name} · {day(today, spoken[0] if spoken[0] in installed() else SOURCE)}",
        made_at=now,
    )


async def _bodies(session: AsyncSession, shown: Shown, language: str) -> dict[str, Mapping[str, Any]]:
    """The text by language: that of the reader first, then that of somebody else who signs."""
    # Two may have signed different versions in one language: of those, the reader's own.
    own_last = sorted(shown.signed, key=lambda one: one.participation_id == shown.mine)
    signed = {one.text.language: one.text.body for one in own_last}
    if shown.agreement and shown.agreement.state in SIGNED and signed:
        mine = [one.text.language for one in shown.signed if one.participation_id == shown.mine]
        order = [*mine, *(one for one in signed if one == language), *signed]
        return {one: signed[one] for one in list(dict.fromkeys(order))[:COLUMNS]}
    people = [one.person_id for one in shown.people]
    rows = await session.execute(select(Person.id, Person.language).where(Person.id.in_(people)))
    spoken = {row[0]: row[1] for row in rows}
    found: dict[str, Mapping[str, Any]] = {shown.text.language: shown.text.body}
    for one in dict.fromkeys(spoken[person] for person in people):
        if one not in found and len(found) < COLUMNS:
            text = await templates.current(session, shown.relationship.programme_id, shown.text.form, one)
            found.setdefault(text.language, text.body)
    return dict(list(found.items())[:COLUMNS])


def _people(shown: Shown, bodies: Sequence[Mapping[str, Any]]) -> list[Part]:
    parts = [
        Part("fact", [body["labels"][one.role] for body in bodies], [one.full_name]) for one in shown.people
    ]
    if shown.coordinator_name:
        label = [body["labels"]["coordinator"] for body in bodies]
        parts.append(Part("fact", label, [shown.coordinator_name]))
    return parts


def _sections(bodies: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Section by section beside each other; the codes of sections are the same in all languages of a form."""
    parts = []
    for at in range(max(len(body["sections"]) for body in bodies)):
        sections = [body["sections"][at] for body in bodies]
        parts.append(Part("heading", [one["title"] for one in sections]))
        parts.append(Part("points", [one["points"] for one in sections]))
    return parts


def _content(shown: Shown, bodies: Mapping[str, Mapping[str, Any]]) -> list[Part]:
    told, texts = shown.content, list(bodies.values())
    labels = [body["labels"] for body in texts]

    def choices(name: str, codes: Sequence[str]) -> list[Part]:
        return [Part("same", [f"• {body[name][code]}" for body in texts]) for code in codes]

    parts = [Part("fact", [one["contact"] for one in labels]), *choices("ways", told.ways)]
    if told.frequency:
        parts.append(Part("fact", [one["frequency"] for one in labels], [told.frequency]))
    for person in shown.people:
        if text := told.expectations.get(person.participation_id):
            label = [
                one["expectations"] % {"name": isolated(person.full_name, code)}
                for one, code in zip(labels, bodies, strict=True)
            ]
            parts.append(Part("fact", label, text.splitlines()))
    if told.aims:
        parts.append(Part("fact", [one["aims"] for one in labels], told.aims.splitlines()))
    parts.append(Part("fact", [one["purposes"] for one in labels]))
    parts += choices("purposes", [one for one in told.purposes if one != OTHER])
    if told.other_purposes:
        parts.append(
            Part("fact", [body["purposes"][OTHER] for body in texts], told.other_purposes.splitlines())
        )
    return parts


def _signatures(shown: Shown, bodies: Mapping[str, Mapping[str, Any]], zone: str) -> list[Part]:
    signed = {one.participation_id: one.signature for one in shown.signed}
    parts = [Part("line")]
    for one in shown.people:
        told = [
            _signature(one.participation_id, one.full_name, signed, code, body, zone)
            for code, body in bodies.items()
        ]
        found = signed.get(one.participation_id)
        parts.append(Part("signature", told, [found.digest] if found else []))
    return parts


def _signature(
    participation_id: UUID,
    name: str,
    signed: Mapping[UUID, Any],
    code: str,
    body: Mapping[str, Any],
    zone: str,
) -> str:
    found = signed.get(participation_id)
    facts = {"name": isolated(name, code)}
    if found is None:
        return str(body["labels"]["unsigned"] % facts)
    on = day(clock.local(found.signed_at, zone).date(), code if code in installed() else SOURCE)
    return str(body["labels"]["signed"] % {**facts, "day": on})


def _plan(plan: Mapping[str, Any], languages: Sequence[str]) -> list[Part]:
    if not plan.get("goals"):
        return []
    spoken = [one if one in installed() else SOURCE for one in languages]
    parts = [Part("line"), Part("title", _said(spoken, N_("Activity plan")))]
    for goal in plan["goals"]:
        parts.append(Part("heading", _said(spoken, N_("Dream or goal"))))
        parts.append(_item(goal, spoken, N_("What we want")))
        for milestone in goal["milestones"]:
            parts.append(_item(milestone, spoken, N_("Milestone")))
            parts += [_item(one, spoken, N_("Activity")) for one in milestone["activities"]]
    return parts


def _said(languages: Sequence[str], words: str) -> list[str]:
    found = []
    for one in languages:
        with use(one):
            found.append(_(words))
    return found


def _item(item: Mapping[str, Any], languages: Sequence[str], label: str) -> Part:
    cells = []
    for one in languages:
        with use(one):
            told = [_(label)]
            if item.get("by"):
                told.append(_("until %(day)s", day=day(date.fromisoformat(item["by"]))))
            if item.get("done_on"):
                told.append(_("done on %(day)s", day=day(date.fromisoformat(item["done_on"]))))
            cells.append(" · ".join(told))
    return Part("fact", cells, [item["text"]])
