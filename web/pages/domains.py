"""Domains of the organisation, and the records that prove them."""

from functools import partial
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, dns
from infra.errors import Conflict, Invalid, LimitReached
from infra.http.limits import Policy
from infra.language import gettext as _
from infra.language import isolated
from tenants.identity import domain_rules as rules
from tenants.identity import domains
from tenants.identity.domain_models import Look
from tenants.identity.words import LOOKS
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/a/sign-in/domains"
CHECKS = Policy("domain-checks", quota=60, window_s=15 * 60)


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    return await _page(door, FormState())


@post(PATH)
async def name(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        await domains.name(door.session, door.actor, filled.text("domain"))
    except Invalid as error:
        return await _page(door, refused(filled, error), status=422)
    except (Conflict, LimitReached) as error:
        return await _page(door, FormState(filled, {"domain": said(error)}), status=422)
    return door.go(PATH, said=_("Now enter the record where the domain is kept, then check it here."))


@post(f"{PATH}/{{domain_id:uuid}}/check")
async def check(door: NamedDependency[Door], domain_id: FromPath[UUID]) -> Page:
    await door.count((CHECKS, str(door.organisation.organisation_id)))
    found = await domains.check(door.session, door.actor, domain_id, look_up(door))
    return door.go(PATH, said=_(LOOKS[found.look or Look.NO_ANSWER], domain=isolated(found.name)))


@post(f"{PATH}/{{domain_id:uuid}}/remove")
async def remove(door: NamedDependency[Door], domain_id: FromPath[UUID]) -> Page:
    await domains.remove(door.session, door.actor, domain_id)
    return door.go(PATH, said=_("It is removed. Nobody joins by its addresses any more."))


def look_up(door: Door) -> domains.LookUp:
    return partial(dns.texts, servers=door.ground.settings.sign_in.name_servers)


async def _page(door: Door, form: FormState, *, status: int = 200) -> Page:
    rows = await domains.listed(door.session, door.actor)
    zone = door.actor.time_zone
    return door.page(
        "admin/domains.html",
        status=status,
        form=form,
        domains=rows,
        proved_count=sum(one.is_proved for one in rows),
        days=rules.LAPSES_AFTER.days,
        zone=zone,
        today=clock.today(zone),
    )


ROUTES = [show, name, check, remove]
