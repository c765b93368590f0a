"""What whoever leads an introductory workshop needs: modules with their minutes, cases, cards and questions, to read and to print (K70, K71)."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.language import gettext as _
from tenants.gatherings import material, queries
from tenants.gatherings.models import Audience, Workshop
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.telling import shown_in
from tenants.reports import figures, network
from web import query
from web.door import Door, Page
from web.pages.workshops import ONE
from web.papers import paper

PRINTED = ONE + "/material"


@get(PRINTED)
async def show(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    one, spoken = await _chosen(door, workshop_id)
    shown = _audiences(one)
    return door.page(
        "workshops/material.html",
        one=one,
        title=await _title(door, one),
        spoken=spoken,
        towards=language.direction(spoken),
        others=[(code, language.language_name(code)) for code in material.LANGUAGES],
        texts=[material.workshop(audience, spoken) for audience in shown],
        facts=await _facts(door, spoken),
    )


@get(PRINTED + ".pdf")
async def save(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Response[bytes]:
    one, spoken = await _chosen(door, workshop_id)
    facts = await _facts(door, spoken)
    texts = [material.workshop(audience, spoken) for audience in _audiences(one)]
    foot = f"{door.organisation.name} · {language.day(clock.today(one.time_zone), spoken)}"
    title = await _title(door, one)
    sheet = material.sheet(texts, facts, title=title, language=spoken, foot=foot, made_at=clock.now())
    return await paper(sheet, f"workshop-{one.audience}-{spoken}")


async def _chosen(door: Door, workshop_id: UUID) -> tuple[Workshop, str]:
    """The workshop, and the language to lead it in: the one that is asked for, else its own."""
    one = await queries.access(door.session, door.actor, workshop_id)
    asked = query.one_of(door.request, "in", material.LANGUAGES)
    return one, asked or material.nearest(one.language)


def _audiences(one: Workshop) -> list[Audience]:
    if one.audience == Audience.EVERYBODY:
        return [Audience.MENTORS, Audience.MENTEES]
    return [Audience(one.audience)]


async def _title(door: Door, one: Workshop) -> str:
    return shown_in(await programmes.own_programme(door.session, one.programme_id), one.title)


async def _facts(door: Door, spoken: str) -> list[tuple[str, Any]]:
    """K72: the network as it is today, for whoever may see its figures; in the language of the material."""
    if not door.actor.may(Permission.RELATIONSHIP_READ):
        return []
    zone = door.organisation.time_zone
    year = figures.year_to(clock.today(zone), zone)
    found = await network.facts(door.session, door.actor, year.begins, year.ends)
    with language.use(spoken):
        return [
            (_("Mentors"), language.number(found.mentors)),
            (_("Mentees"), language.number(found.mentees)),
            (_("Offices"), language.number(found.offices)),
            (_("Pairs and groups that run"), language.number(found.pairs)),
            (_("Workshops and seminars in a year"), language.number(found.workshops)),
            (_("Ways in which people met there"), language.number(found.kinds)),
            (_("Sub-networks"), language.number(found.sub_networks)),
            (_("People since the beginning"), language.number(found.ever)),
        ]


ROUTES = [show, save]
