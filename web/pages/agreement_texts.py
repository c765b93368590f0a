"""What a programme has its people agree on: which text, and its own copy of it in each language."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Conflict, Invalid, NotFound, Problem
from infra.http.forms import Form as Filled
from infra.language import gettext as _
from infra.language import language_name
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.telling import shown_in
from tenants.relationships.agreements import rewriting, templates, texts
from tenants.relationships.agreements.models import AgreementText, Form
from tenants.relationships.agreements.templates import Setting
from tenants.relationships.agreements.words import FORMS
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/agreement"
TEXT = PATH + "/{form:str}/{spoken:str}"


@get(PATH)
async def setting(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _page(door, programme_id, FormState())


@post(PATH)
async def choose(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        wanted = Setting(filled.text("form"), _number(filled, "copy_days"), _number(filled, "review_months"))
        await templates.choose(door.session, door.actor, programme_id, wanted)
    except Invalid as error:
        return await _page(door, programme_id, refused(filled, error), status=422)
    return door.go(
        f"/a/programmes/{programme_id}/agreement",
        said=_("Saved. It holds for agreements that begin from now on."),
    )


@get(TEXT)
async def text(
    door: NamedDependency[Door], programme_id: FromPath[UUID], form: FromPath[str], spoken: FromPath[str]
) -> Page:
    return await _text(door, programme_id, form, spoken, FormState())


@post(TEXT)
async def write(
    door: NamedDependency[Door], programme_id: FromPath[UUID], form: FromPath[str], spoken: FromPath[str]
) -> Page:
    """Save the programme's own words, or go back to ours."""
    _must_be_one(door, form, spoken)
    filled = await door.form()
    try:
        if filled.text("back") == "yes":
            await templates.write_ours(door.session, door.actor, programme_id, form, spoken)
        else:
            await templates.write(
                door.session, door.actor, programme_id, form, spoken, filled, seen=filled.text("seen")
            )
    except Invalid as error:
        return await _text(door, programme_id, form, spoken, refused(filled, error), status=422)
    except Conflict as error:
        return await _text(door, programme_id, form, spoken, FormState(filled), status=409, late=said(error))
    words = _("Saved. Whoever signs from now on reads this text; what was signed stays as it was.")
    return door.go(f"/a/programmes/{programme_id}/agreement", said=words)


def _number(filled: Filled, name: str) -> int:
    try:
        return int(filled.text(name))
    except ValueError as error:
        raise Invalid(Problem(name, "missing" if not filled.text(name) else "bad_format")) from error


def _must_be_one(door: Door, form: str, spoken: str) -> None:
    if form not in set(Form) or spoken not in {*door.organisation.languages, *texts.LANGUAGES}:
        raise NotFound(kind="agreement_text", form=form[:40], language=spoken[:40])


async def _page(door: Door, programme_id: UUID, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme = await programmes.access_programme(door.session, door.actor, programme_id)
    spoken = door.organisation.languages
    own = await templates.overview(door.session, programme_id, spoken)
    rows = [
        (
            one.value,
            _(FORMS[one]),
            [(each, language_name(each), _whose(own[one.value, each], each)) for each in spoken],
        )
        for one in Form
    ]
    return door.page(
        "agreement_texts/setting.html",
        status=status,
        form=form,
        programme_id=programme_id,
        programme=shown_in(programme, programme.name),
        setting=await templates.setting(door.session, programme_id),
        forms=[(one.value, _(FORMS[one])) for one in (Form.TOOLBOX, Form.ANNEX)],
        rows=rows,
    )


def _whose(own: AgreementText | None, spoken: str) -> str:
    if own is not None:
        return _("own, version %(number)s", number=own.number)
    return _("ours") if spoken in texts.LANGUAGES else _("not written yet")


async def _text(
    door: Door,
    programme_id: UUID,
    form: str,
    spoken: str,
    state: FormState,
    *,
    status: int = 200,
    late: str = "",
) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    _must_be_one(door, form, spoken)
    programme = await programmes.access_programme(door.session, door.actor, programme_id)
    found = await templates.current(door.session, programme_id, form, spoken)
    return door.page(
        "agreement_texts/text.html",
        status=status,
        form=state,
        late=late,
        programme_id=programme_id,
        programme=shown_in(programme, programme.name),
        name=_(FORMS[Form(form)]),
        code=form,
        spoken=spoken,
        text=found,
        body=found.body,
        is_new=found.language != spoken,
        versions=await templates.versions(door.session, door.actor, programme_id, form, spoken),
        zone=door.actor.time_zone,
        longest=(rewriting.MAX_TITLE, rewriting.MAX_INTRO),
        can_go_back=not found.is_shipped and texts.shipped(form, spoken) is not None,
    )


ROUTES = [setting, choose, text, write]
