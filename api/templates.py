"""The words of letters: ours, and an organisation's own for each language."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra import language
from tenants.notifications import writing
from tenants.notifications.letters import Desk
from tenants.notifications.templates import actions, coverage, looking
from tenants.notifications.templates.coverage import Cell, Shown, State, Template, Why
from tenants.notifications.templates.looking import Looked
from tenants.notifications.wording.declared import FIELDS, Source
from tenants.reports import outbox

Line = Annotated[str, Meta(max_length=1_000)]
Body = Annotated[str, Meta(max_length=20_000)]


class WordsView(Struct):
    """The body is text: an empty line begins a paragraph, a hyphen an item; `{{name}}` is a field."""

    subject: str
    heading: str
    body: str

    @classmethod
    def of(cls, source: Source) -> "WordsView":
        return cls(*source)


class Words(Struct, forbid_unknown_fields=True):
    """`based_on` is the version that this text was written from."""

    subject: Line
    heading: Line
    body: Body
    based_on: int

    @property
    def source(self) -> Source:
        return Source(self.subject, self.heading, self.body)


class Draft(Struct, forbid_unknown_fields=True):
    """`reader_id` is a letter of this kind, or a person, for whom to look at it; null for somebody made up."""

    subject: Line
    heading: Line
    body: Body
    reader_id: UUID | None = None

    @property
    def source(self) -> Source:
        return Source(self.subject, self.heading, self.body)


class Restored(Struct, forbid_unknown_fields=True):
    """`version` 0 is the shipped text."""

    version: int
    based_on: int


class InLanguage(Struct):
    """`speaks` is the language in which readers of this one get the letter."""

    language: str
    state: State
    why: Why | None
    speaks: str
    version: int
    changed_at: datetime | None

    @classmethod
    def of(cls, cell: Cell) -> "InLanguage":
        return cls(cell.language, cell.state, cell.why, cell.speaks, cell.version, cell.changed_at)


class TemplateLine(Struct):
    name: str
    title: str
    languages: list[InLanguage]

    @classmethod
    def of(cls, template: Template, cells: list[Cell]) -> "TemplateLine":
        return cls(template.name, _title(template), [InLanguage.of(cell) for cell in cells])


class FieldView(Struct):
    """`is_whole`: it stands for sentences, on a line of its own. `is_needed`: no text may lack it."""

    name: str
    title: str
    is_whole: bool
    is_needed: bool


class VersionView(Struct):
    """`words`: null where the shipped text was taken up again."""

    version: int
    written_at: datetime
    written_by: str | None
    words: WordsView | None


class TemplateView(Struct):
    name: str
    title: str
    now: InLanguage
    words: WordsView
    shipped: WordsView
    fields: list[FieldView]
    versions: list[VersionView]

    @classmethod
    def of(cls, shown: Shown) -> "TemplateView":
        return cls(
            shown.template.name, _title(shown.template), InLanguage.of(shown.cell), WordsView.of(shown.source),
            WordsView.of(shown.shipped), fields(shown.template),
            [
                VersionView(one.number, one.written_at, one.written_by, one.source and WordsView.of(one.source))
                for one in shown.versions
            ],
        )  # fmt: skip


class LookedAt(Struct):
    """A letter in these words. Links and codes are its reader's and are not shown. `size` is of the whole mail, in bytes."""

    subject: str
    heading: str
    paragraphs: list[str]
    plain: str
    size: int

    @classmethod
    def of(cls, looked: Looked) -> "LookedAt":
        text = looked.text
        return cls(text.subject, text.heading, text.paragraphs, looked.plain, looked.size)


class Tried(Struct):
    sent_to: str


@get("/letter-templates", summary="Which letters say what in which language")
async def templates(door: NamedDependency[ApiDoor]) -> list[TemplateLine]:
    """
    `own` is the organisation's text and `shipped` ours; `missing` has own words in other languages only, or none at all;
    `outdated` is an own text that was written before ours, or before the one in the organisation's language, changed.
    """
    outbox.kinds()
    return [TemplateLine.of(*row) for row in await coverage.matrix(door.session, door.actor)]


@get("/letter-templates/{template:str}/{spoken:str}", summary="The words of a letter in one language")
async def template(
    door: NamedDependency[ApiDoor], template: FromPath[str], spoken: FromPath[str]
) -> TemplateView:
    return TemplateView.of(await _shown(door, template, spoken))


@put("/letter-templates/{template:str}/{spoken:str}", summary="Write the words of a letter")
async def write(
    door: NamedDependency[ApiDoor], template: FromPath[str], spoken: FromPath[str], data: JSONBody[Words]
) -> TemplateView:
    """
    Letters that go from now on say this. A field that is not the letter's, one that is missing, a link away
    from the organisation's pages and too long a text are refused, each with its line.
    """
    outbox.kinds()
    written = await actions.write(
        door.session,
        door.actor,
        template,
        spoken,
        data.source,
        based_on=data.based_on,
        desk=await desk_of(door),
    )
    return TemplateView.of(written)


@post(
    "/letter-templates/{template:str}/{spoken:str}/restore",
    status_code=200,
    summary="Take earlier words of a letter up again",
)
async def restore(
    door: NamedDependency[ApiDoor], template: FromPath[str], spoken: FromPath[str], data: JSONBody[Restored]
) -> TemplateView:
    outbox.kinds()
    restored = await actions.restore(
        door.session, door.actor, template, spoken, version=data.version, based_on=data.based_on
    )
    return TemplateView.of(restored)


@post(
    "/letter-templates/{template:str}/{spoken:str}/preview",
    status_code=200,
    summary="Look at a letter in other words",
)
async def preview(
    door: NamedDependency[ApiDoor], template: FromPath[str], spoken: FromPath[str], data: JSONBody[Draft]
) -> LookedAt:
    """Nothing is saved."""
    shown, desk = await _shown(door, template, spoken), await desk_of(door)
    told = await actions.checked(door.session, shown, data.source, desk)
    looked = await looking.look(
        door.session, door.actor, shown.template, spoken, told, desk, reader_id=data.reader_id
    )
    return LookedAt.of(looked)


@post(
    "/letter-templates/{template:str}/{spoken:str}/try",
    status_code=202,
    summary="Send a letter in other words to yourself",
)
async def try_out(
    door: NamedDependency[ApiDoor], template: FromPath[str], spoken: FromPath[str], data: JSONBody[Draft]
) -> Tried:
    """In made-up values. Nothing is saved."""
    outbox.kinds()
    sent_to = await actions.try_out(
        door.session, door.actor, template, spoken, data.source, await desk_of(door)
    )
    return Tried(sent_to)


async def _shown(door: ApiDoor, name: str, spoken: str) -> Shown:
    outbox.kinds()
    return await coverage.show(door.session, door.actor, name, spoken)


async def desk_of(door: ApiDoor) -> Desk:
    return await writing.desk(door.session, door.ground.settings.web, door.ground.links)


def fields(template: Template) -> list[FieldView]:
    words = template.words
    return [
        FieldView(name, language.gettext(FIELDS[name].title), FIELDS[name].is_whole, name in words.needs)
        for name in words.fields
    ]


def _title(template: Template) -> str:
    told = language.gettext(template.title)
    return f"{told} ({language.gettext(template.whom)})" if template.whom else told


ROUTES = [templates, template, write, restore, preview, try_out]
