"""
What a coordinator brings to an interview, as one paper in a language of her choice (K23): the guide, the profile, what the
programme is about, whom to reach, the agreement and a form for the activity plan.

It holds what she whom it is about wrote for a match, and nothing that anybody noted about her; nor what she tells
coordinators in confidence, such as whom she does not want to meet.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.errors import Invalid, Problem
from infra.language import gettext as _
from infra.language import isolated
from infra.typesetting.columns import Part, Sheet
from tenants.actor import Actor
from tenants.organisations import queries as organisations
from tenants.organisations.models import Organisation
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes import guides
from tenants.programmes import queries as programmes
from tenants.programmes.guide_starters import EXPLAINED, EXPLAINED_NAMES, PROCESS
from tenants.programmes.rules import questions_for, text_in
from tenants.registration import forms, telling
from tenants.registration import queries as registrations
from tenants.registration.appointment_models import Appointment
from tenants.registration.appointments import queries as appointments
from tenants.registration.appointments.letters import whole
from tenants.registration.queries import Profile
from tenants.registration.words import ROLE_NAMES
from tenants.relationships.agreements import templates

# What she says to her coordinators alone; a paper lies on tables.
CONFIDENTIAL = frozenset({"excluded_emails", "gender_wish", "supervisor_email"})
LINES = 2  # to write on, below each question
PLAN_LINES = 8


@dataclass(frozen=True, slots=True)
class _Facts:
    """All that the parts of the paper are made of."""

    profile: Profile
    organisation: Organisation
    appointment: Appointment | None
    spoken: str
    contact: list[tuple[str, str]]


async def pack(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, spoken: str | None = None
) -> Sheet:
    """
    The paper for the interview with one person; in the language of the talk where none is chosen.

    Raises:
        NotFound: none within the actor's reach. Invalid: not a language of ours.
    """
    actor.require(Permission.PEOPLE_READ)
    profile = await registrations.profile(session, actor, participation_id)
    found = (await appointments.of_participations(session, [participation_id])).get(participation_id)
    chosen = spoken or (found.language if found else profile.person.language)
    if chosen not in language.installed():
        if spoken:
            raise Invalid(Problem("language", "not_a_choice"))
        chosen = language.SOURCE
    with language.use(chosen):
        facts = _Facts(
            profile,
            await organisations.own(session),
            found,
            chosen,
            await _contact(session, actor, profile, found),
        )
        parts = [
            *_front(facts),
            *await _guide(session, facts),
            *await _profile(session, facts),
            *_brochure(facts),
            *_card(facts),
            *await _agreement(session, facts),
            *_plan(),
        ]
        now = clock.now()
        on = language.day(clock.local(now, facts.organisation.time_zone).date())
        title = _("Interview with %(name)s", name=profile.person.full_name)
        return Sheet(title, [chosen], parts, f"{facts.organisation.name} · {on}", now)


def _front(facts: _Facts) -> list[Part]:
    person, one = facts.profile.person, facts.appointment
    parts = [
        Part("title", [_("Interview with %(name)s", name=isolated(person.full_name))]),
        _fact(_("Programme"), _programme(facts)),
        _fact(_("Role"), _(ROLE_NAMES[facts.profile.participation.role])),
    ]
    if one is not None:
        parts.append(_fact(_("When"), whole(one, one.time_zone)))
        parts += [_fact(_("Where"), where) for where in (one.place, one.link) if where]
    contents = [
        _("Interview guide"), _("Profile"), _("About the programme"), _("How to reach us"), _("Mentoring agreement"),
        _("Activity plan"),
    ]  # fmt: skip
    return [*parts, Part("heading", [_("What is in this pack")]), Part("points", [contents])]


async def _guide(session: AsyncSession, facts: _Facts) -> list[Part]:
    role, programme = facts.profile.participation.role, facts.profile.programme
    found = await guides.of_programme(session, programme, role)
    parts = [
        Part("page"),
        Part("title", [_("Interview guide")]),
        Part("heading", [_("Explain before you start")]),
        Part("points", [[_(EXPLAINED_NAMES[code]) for code in EXPLAINED.get(role, ())]]),
    ]
    for section, asked in guides.asked(found, facts.spoken, programme.languages):
        parts.append(Part("heading", [guides.section_name(section)]))
        for _key, words in asked:
            parts += [Part("same", [words]), Part("blank", [""] * LINES)]
    return [*parts, Part("points", [[_step(*one) for one in PROCESS]])]


async def _profile(session: AsyncSession, facts: _Facts) -> list[Part]:
    profile = facts.profile
    form = await forms.of_programme(session, profile.programme.id)
    parts = [Part("page"), Part("title", [_("Profile")]), _fact(_("Name"), profile.person.full_name)]
    for one in questions_for(form.questions, profile.participation.role):
        if one.field in CONFIDENTIAL or (one.field == "office_id" and not form.offices):
            continue
        words = telling.in_words(form, one, profile.answers.get(one.key))
        label = text_in(one.label, facts.spoken, profile.programme.languages)
        parts += [_fact(label, words)] if words else [Part("fact", [label]), Part("blank", [""])]
    return parts


def _brochure(facts: _Facts) -> list[Part]:
    programme, cycle = facts.profile.programme, facts.profile.cycle
    return [
        Part("page"),
        Part("title", [_programme(facts)]),
        Part("text", [text_in(programme.summary, facts.spoken, programme.languages)]),
        _fact(_("It begins"), language.day(cycle.launch_on)),
        _fact(
            _("A pair meets for"),
            language.ngettext("One month", "%(num)s months", programme.term_months),
        ),
        Part("heading", [_("How it goes on")]),
        Part("points", [[_step(*one) for one in PROCESS]]),
    ]


def _card(facts: _Facts) -> list[Part]:
    return [
        Part("line"),
        Part("heading", [_("How to reach us")]),
        *(_fact(label, value) for label, value in facts.contact),
    ]


async def _agreement(session: AsyncSession, facts: _Facts) -> list[Part]:
    """As it is shipped or as the programme has written it, to be talked through; it is filled in after the match (K34)."""
    programme = facts.profile.programme
    if not await templates.has_agreement(session, programme.id):
        return []
    chosen = await templates.setting(session, programme.id)
    body: Any = (await templates.current(session, programme.id, chosen.form, facts.spoken)).body
    parts = [Part("page"), Part("title", [body["title"]]), Part("text", [body["intro"]])]
    for section in body["sections"]:
        parts += [Part("heading", [section["title"]]), Part("points", [section["points"]])]
    return parts


def _plan() -> list[Part]:
    parts = [
        Part("page"),
        Part("title", [_("Activity plan")]),
        Part("text", [_("You fill it in together after the match. Goals may change on the way.")]),
    ]
    for words in (_("Dream or goal"), _("Milestones or targets"), _("Activities")):
        parts += [Part("heading", [words]), Part("blank", [""] * PLAN_LINES)]
    return parts


async def _contact(
    session: AsyncSession, actor: Actor, profile: Profile, found: Appointment | None
) -> list[tuple[str, str]]:
    """The card of whoever leads the talk; else of the programme's coordinator."""
    wanted = found.coordinator_id if found and found.coordinator_id else actor.person_id
    query = select(Person.full_name, Person.email, Person.phone).where(Person.id == wanted, Person.is_active)
    row = (await session.execute(query)).one_or_none()
    if row is not None:
        rows = [(_("Coordinator"), row.full_name), (_("E-mail"), row.email), (_("Telephone"), row.phone)]
        return [(label, value) for label, value in rows if value]
    contact = await programmes.contact(
        session, profile.programme.id, office_id=profile.participation.office_id
    )
    if contact is None:
        return []
    rows = [(_("Coordinator"), contact.name), (_("Telephone"), contact.phone)]
    return [(label, value) for label, value in rows if value]


def _step(name: str, meaning: str) -> str:
    return _("%(label)s: %(meaning)s", label=_(name), meaning=_(meaning))


def _fact(label: str, value: str) -> Part:
    return Part("fact", [label], value.splitlines() or [""])


def _programme(facts: _Facts) -> str:
    programme = facts.profile.programme
    return text_in(programme.name, facts.spoken, programme.languages)
