"""What a programme has its people agree on: which text, and its own copy of it in each language."""

from uuid import UUID

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.agreements import Points
from api.door import ApiDoor
from infra.errors import NotFound
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.relationships.agreements import templates, texts
from tenants.relationships.agreements.models import Form
from tenants.relationships.agreements.templates import Setting, Text


class AgreementSettingView(Struct, forbid_unknown_fields=True):
    """`form`: `toolbox` or `annex`. After `copy_days` the coordinator is asked for the copy."""

    form: Form
    copy_days: int
    review_months: int

    @classmethod
    def of(cls, one: Setting) -> "AgreementSettingView":
        return cls(Form(one.form), one.copy_days, one.review_months)


class TextView(Struct):
    """`is_ours`: the text that the house brings along. `digest` is what a change names as seen."""

    form: Form
    language: str
    number: int
    is_ours: bool
    title: str
    intro: str
    sections: list[Points]
    digest: str

    @classmethod
    def of(cls, one: Text) -> "TextView":
        body = one.body
        return cls(
            Form(one.form), one.language, one.number, one.is_shipped, body["title"], body["intro"],
            [Points(each["code"], each["title"], list(each["points"])) for each in body["sections"]], one.digest,
        )  # fmt: skip


class OwnText(Struct, forbid_unknown_fields=True):
    """The points of each section by its code. `seen` is the digest of the text that you change."""

    seen: str
    title: str
    intro: str
    sections: dict[str, list[str]]


@get("/programmes/{programme_id:uuid}/agreement", summary="What a programme has its people agree on")
async def setting(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> AgreementSettingView:
    door.actor.require(Permission.PROGRAMME_READ)
    await programmes.access_programme(door.session, door.actor, programme_id)
    return AgreementSettingView.of(await templates.setting(door.session, programme_id))


@put("/programmes/{programme_id:uuid}/agreement", summary="Set what people agree on from now on")
async def choose(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[AgreementSettingView]
) -> AgreementSettingView:
    wanted = Setting(data.form.value, data.copy_days, data.review_months)
    return AgreementSettingView.of(await templates.choose(door.session, door.actor, programme_id, wanted))


@get("/programmes/{programme_id:uuid}/agreement/{form:str}/{spoken:str}", summary="A text in one language")
async def text(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], form: FromPath[str], spoken: FromPath[str]
) -> TextView:
    """In a language in which nobody has written it, the English one; `language` says so."""
    door.actor.require(Permission.PROGRAMME_READ)
    await programmes.access_programme(door.session, door.actor, programme_id)
    await _must_be_one(door, form, spoken)
    return TextView.of(await templates.current(door.session, programme_id, form, spoken))


@put(
    "/programmes/{programme_id:uuid}/agreement/{form:str}/{spoken:str}",
    summary="Write your own text in one language",
)
async def write(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    form: FromPath[str],
    spoken: FromPath[str],
    data: JSONBody[OwnText],
) -> TextView:
    """It holds for whoever signs from now on; what was signed stays as it was."""
    await _must_be_one(door, form, spoken)
    given = {code: "\n".join(points) for code, points in data.sections.items()}
    made = await templates.write(
        door.session, door.actor, programme_id, form, spoken,
        {**given, "title": data.title, "intro": data.intro}, seen=data.seen,
    )  # fmt: skip
    return TextView.of(made)


@delete(
    "/programmes/{programme_id:uuid}/agreement/{form:str}/{spoken:str}",
    status_code=200,
    summary="Use the text of the house again",
)
async def use_ours(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], form: FromPath[str], spoken: FromPath[str]
) -> TextView:
    await _must_be_one(door, form, spoken)
    return TextView.of(await templates.write_ours(door.session, door.actor, programme_id, form, spoken))


async def _must_be_one(door: ApiDoor, form: str, spoken: str) -> None:
    known = {*(await organisations.own(door.session)).languages, *texts.LANGUAGES}
    if form not in set(Form) or spoken not in known:
        raise NotFound(kind="agreement_text", form=form[:40], language=spoken[:40])


ROUTES = [setting, choose, text, write, use_ours]
