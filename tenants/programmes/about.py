"""What is said of a programme: its name and summary in each language, what it is for, and the languages it is offered in."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Conflict, Invalid, Problem
from tenants.actor import Actor
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import actions, queries
from tenants.programmes.models import Focus, Programme

FIELDS = ("name", "summary", "focus", "languages")
MOST = {"name": 120, "summary": 1_000}  # characters


class AboutChanged(Conflict):
    """Somebody else has written it anew since it was looked at."""

    code = "about_changed"


def version(programme: Programme) -> str:
    """Names what is said now, for whoever changes what she has looked at."""
    said = [getattr(programme, name) for name in FIELDS]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:16]


async def change(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    wanted: Mapping[str, Any],
    *,
    seen: str | None = None,
) -> Programme:
    """
    Say it otherwise from now on; `wanted` are those of `FIELDS` that are named, each whole.

    Texts in a language in which it is no longer offered are kept. With `seen` only what was looked at is changed.

    Raises:
        NotFound: no programme that the actor reaches. AboutChanged: it is not as it was seen.
        Invalid: no name in any language, too long a text, no focus, a language that the organisation does not speak.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    facts = _sound(programme, wanted, (await organisations.own(session)).languages)
    facts = {name: value for name, value in facts.items() if value != getattr(programme, name)}
    if not facts:
        return programme
    if seen is not None and seen != version(programme):
        raise AboutChanged
    return await actions.change(session, actor, programme_id, **facts)


def _sound(programme: Programme, wanted: Mapping[str, Any], offered: Sequence[str]) -> dict[str, Any]:
    sound, problems = dict(wanted), []
    if "languages" in wanted:
        sound["languages"] = languages = list(dict.fromkeys(wanted["languages"]))
        if not languages:
            problems.append(Problem("languages", "missing"))
    spoken = sound.get("languages") or programme.languages
    for field, most in MOST.items():
        if field in wanted:
            given = {code: " ".join(text.replace("\0", "").split()) for code, text in wanted[field].items()}
            sound[field] = getattr(programme, field) | given
            problems += [
                Problem(f"{field}.{code}", "too_long", {"maximum": most})
                for code, text in given.items()
                if len(text) > most
            ]
            problems += [
                Problem(f"{field}.{code}", "language_not_spoken")
                for code in given
                if code not in (*offered, *programme.languages)
            ]
            if not sound[field].get(spoken[0]):
                problems.append(Problem(f"{field}.{spoken[0]}", "missing"))
            sound[field] = {code: text for code, text in sound[field].items() if text}
    if "focus" in wanted:
        sound["focus"] = focus = list(dict.fromkeys(wanted["focus"]))
        if not focus or set(focus) - set(Focus):
            problems.append(Problem("focus", "not_a_choice" if focus else "missing"))
    if problems:
        raise Invalid(*problems)
    return sound
