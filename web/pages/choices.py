"""Small choices of one browser: whether single keys act as shortcuts (WCAG 2.1.4)."""

from litestar import post
from litestar.di import NamedDependency

from infra.http import cookies
from infra.language import gettext as _
from tenants.permissions import Permission
from web.door import KEYS, Door, Page
from web.forms import within

YEAR_S = 365 * 86_400


@post("/c/shortcuts")
async def shortcuts(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.PEOPLE_READ)
    filled = await door.form()
    is_on = filled.text("shortcuts") != "off"
    cookies.write(door.request.scope, KEYS, "on" if is_on else "off", max_age_s=YEAR_S)
    said = _("Keys act as shortcuts again.") if is_on else _("Keys no longer act as shortcuts.")
    return door.go(within(filled.text("next"), "/c/today"), said=said)


ROUTES = [shortcuts]
