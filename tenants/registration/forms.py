"""The registration form as a list of steps: role first, the address second, then name and the programme's questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound, Problem
from tenants.organisations import queries as organisations
from tenants.organisations.models import Office
from tenants.programmes import queries as programmes
from tenants.programmes import rules as programme_rules
from tenants.programmes.models import Programme, Question, Topic
from tenants.programmes.structures import facts
from tenants.registration.models import Registration

ROLE, EMAIL, FULL_NAME = "role", "email", "full_name"


def sides(programme: Programme) -> tuple[str, ...]:
    """The roles that one can register for."""
    return facts(programme.structure).sides


def learning(programme: Programme) -> frozenset[str]:
    """The roles whose places are counted."""
    return facts(programme.structure).learning


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form; `question` is None for role, address and name."""

    key: str
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """
    A programme's form, loaded once for a request.

    `topics` are all that people may have chosen, `left_out` what was asked before and is not any more.
    """

    programme: Programme
    questions: Sequence[Question]
    topics: Sequence[Topic]
    offices: Sequence[Office]
    left_out: Sequence[Question] = ()

    @property
    def offered(self) -> list[Topic]:
        """The topics that somebody can choose now."""
        return [topic for topic in self.topics if topic.is_offered]

    @property
    def topic_codes(self) -> set[str]:
        return {topic.code for topic in self.offered}

    @property
    def office_ids(self) -> set[UUID]:
        return {office.id for office in self.offices}

    def question(self, key: str) -> Question:
        """
        Raises:
            NotFound: the programme does not ask this.
        """
        for question in self.questions:
            if question.key == key:
                return question
        raise NotFound(kind="question", key=key)

    def steps(self, role: str | None) -> list[Step]:
        """
        The pages for somebody in this role.

        Before she has chosen one, those of the first: the number of pages that
        is shown then is close, and right from the second page on.
        """
        roles = sides(self.programme)
        first = [Step(ROLE)] if len(roles) > 1 else []
        asked = programme_rules.questions_for(self.questions, role or roles[0])
        shown = [q for q in asked if not (q.field == "office_id" and not self.offices)]
        return [*first, Step(EMAIL), Step(FULL_NAME), *(Step(q.key, q) for q in shown)]

    def first_open(self, registration: Registration) -> int | None:
        """The number (from 1) of the first page that has not been answered yet; None when all have."""
        for number, step in enumerate(self.steps(registration.role), 1):
            if not self._is_answered(registration, step):
                return number
        return None

    def _is_answered(self, registration: Registration, step: Step) -> bool:
        if step.question is None:
            return getattr(registration, step.key) is not None
        return step.key in registration.answers

    def problems(self, registration: Registration) -> list[Problem]:
        """What keeps the form from being sent, each at the key of its question: open answers, eligibility, no places."""
        steps = self.steps(registration.role)
        found = [
            Problem(s.key, "missing")
            for s in steps
            if s.question is None and not getattr(registration, s.key)
        ]
        by_field = {s.question.field: s.key for s in steps if s.question and s.question.field}
        given = registration.answers
        for step in steps:
            if step.question and step.question.is_obligatory and given.get(step.key) in (None, "", []):
                found.append(Problem(step.key, "missing"))
        value = {name: given.get(key) for name, key in by_field.items() if name}
        if value.get("capacity") == 0:
            found.append(Problem(by_field["capacity"], "no_places"))
        for problem in programme_rules.eligibility_problems(
            self.programme.eligibility,
            gender=value.get("gender"),
            grade=value.get("grade"),
            years=value.get("experience_years"),
        ):
            found.append(Problem(by_field[problem.field], problem.code, problem.facts))
        return found


async def load(session: AsyncSession, registration: Registration) -> RegistrationForm:
    return await of_programme(session, registration.programme_id)


async def of_programme(session: AsyncSession, programme_id: UUID) -> RegistrationForm:
    """Four queries, whatever the number of questions."""
    every = await programmes.every_question(session, programme_id)
    return RegistrationForm(
        await programmes.own_programme(session, programme_id),
        [one for one in every if one.is_asked],
        await programmes.topics(session, programme_id),
        await organisations.offices(session, open_only=True),
        [one for one in every if not one.is_asked],
    )
