"""Answers in the reader's words, and what happens when: the same on pages and in letters."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from infra.language import gettext as _
from tenants.organisations import queries as organisations
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.programmes.models import Cycle, Programme, Question, QuestionKind
from tenants.programmes.question_rules import WITH_OPTIONS
from tenants.programmes.rules import text_in
from tenants.registration import forms, rules
from tenants.registration.models import Registration
from tenants.registration.words import LEVEL_NAMES, ROLE_NAMES

READ_WITHIN = timedelta(days=7)  # as we promise it to participants; the coordinators' own task is sooner


def told(form: forms.RegistrationForm, registration: Registration) -> list[tuple[str, str]]:
    """Question and answer of every step that has one, in the reader's language."""
    found = []
    for step in form.steps(registration.role):
        if step.question is None:
            value = getattr(registration, step.key)
            words = _(ROLE_NAMES[value]) if step.key == forms.ROLE and value else (value or "")
            found.append((step_label(form, step), words))
        else:
            found.append(
                (step_label(form, step), in_words(form, step.question, registration.answers.get(step.key)))
            )
    return [(label, words) for label, words in found if words]


async def contradicted(session: AsyncSession, registration: Registration) -> list[tuple[str, str]]:
    """
    Of a form that waits, what is not as we know it of whoever lives at the address, in the reader's language.

    For the page on which she confirms: nobody else can open it.
    """
    person = await people.find_by_email(session, registration.email) if registration.email else None
    if person is None:
        return []
    form = await forms.load(session, registration)
    return [
        (step_label(form, step), in_words(form, step.question, registration.answers[step.key]))
        for step in form.steps(registration.role)
        if step.question is not None
        and step.question.field in rules.PERSON_FIELDS
        and rules.differences(person, {step.question.field: registration.answers.get(step.key) or ""})
        and registration.answers.get(step.key)
    ]


def step_label(form: forms.RegistrationForm, step: forms.Step) -> str:
    if step.question is not None:
        return _in(form, step.question.label)
    return {
        forms.ROLE: _("What would you like to be?"),
        forms.EMAIL: _("What is your e-mail address?"),
        forms.FULL_NAME: _("What is your name?"),
    }[step.key]


def in_words(form: forms.RegistrationForm, question: Question, value: Any) -> str:
    """An answer as its reader reads it; '' where there is none."""
    if value in (None, "", []):
        return ""
    match question.kind:
        case QuestionKind.TOPICS_OFFERED | QuestionKind.TOPICS_WANTED:
            labels = {topic.code: _in(form, topic.label) for topic in form.topics}
            words = language.listed([labels.get(code, code) for code in value])
        case QuestionKind.LANGUAGES:
            words = language.listed([_spoken(one) for one in value])
        case QuestionKind.TIME_ZONE:
            words = language.city(value)
        case QuestionKind.CHOICE if question.field == "office_id":
            words = next((office.name for office in form.offices if str(office.id) == value), "")
        case _:
            words = plainly(question, value, form.programme.languages)
    return words


def plainly(question: Question, value: Any, languages: Sequence[str]) -> str:
    """An answer that needs nothing but its question to be read: a text, a number, what was chosen."""
    if value in (None, "", []):
        return ""
    if question.kind in WITH_OPTIONS:
        labels = {
            option["value"]: text_in(option["label"], language.current(), languages)
            for option in question.options
        }
        chosen = value if isinstance(value, list) else [value]
        return language.listed([labels.get(one) or str(one) for one in chosen])
    if question.kind == QuestionKind.NUMBER and isinstance(value, int):
        return language.number(value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _spoken(one: dict[str, Any]) -> str:
    return _(
        "%(language)s (%(level)s)",
        language=language.language_name(one["code"]),
        level=_(LEVEL_NAMES[one["level"]]),
    )


def _in(form: forms.RegistrationForm, texts: dict[str, str]) -> str:
    return text_in(texts, language.current(), form.programme.languages)


def what_happens(programme: Programme, cycle: Cycle, today: date) -> list[tuple[date | None, str]]:
    """What comes after a confirmed registration, in order; days that have passed are not promised again."""
    steps: list[tuple[date | None, str]] = [(today + READ_WITHIN, _("A coordinator reads what you wrote."))]
    if programme.wants_interview:
        steps.append((None, _("You are invited to a talk of about 40 minutes. What you say stays with her.")))
    steps += [
        (cycle.matching_on, _("We look for a match, and tell you the reasons.")),
        (cycle.launch_on, _("The cycle starts.")),
    ]
    return [(day if day and day >= today else None, words) for day, words in steps]


async def recorded(session: AsyncSession, registration: Registration) -> tuple[forms.RegistrationForm, str]:
    """The form of a registration that somebody else wrote down, and the name of who did."""
    form = await forms.load(session, registration)
    name = await session.scalar(select(Person.full_name).where(Person.id == registration.recorded_by))
    return form, name or (await organisations.own(session)).name


def shown_in(programme: Programme, texts: dict[str, str], languages: Sequence[str] = ()) -> str:
    """A text of a programme in the reader's language, by its fallback chain."""
    return text_in(texts, language.current(), languages or programme.languages)
