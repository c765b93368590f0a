"""What a roster is read against: its programme and cycle, the organisation's offices, topics and languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from tenants.actor import Actor
from tenants.organisations import queries as organisations
from tenants.organisations.models import Office
from tenants.people import queries as people_queries
from tenants.people import rules as people
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle, Programme, Question
from tenants.programmes.structures import StructureFacts, facts
from tenants.programmes.topics import TOPICS
from tenants.registration.models import RosterImport
from tenants.registration.roster.writing import fold


@dataclass(frozen=True, slots=True)
class Setting:
    """
    `offices` are those that the uploader may register into, by name; `reach` is
    empty where that is the whole organisation. `topics` gives the code of each
    name that a topic has in any of our languages, `topic_codes` by folded name.
    """

    programme: Programme
    cycle: Cycle
    structure: StructureFacts
    questions: Sequence[Question]
    offices: Mapping[str, Office]
    reach: frozenset[UUID]
    topics: Mapping[str, str]
    topic_codes: Mapping[str, str]
    languages: Sequence[str]
    default_language: str
    time_zone: str
    today: date

    @property
    def has_offices(self) -> bool:
        """Whether the column of organisations names offices; a programme that asks for the employer means that."""
        return bool(self.offices) and not any(question.field == "entity" for question in self.questions)

    @property
    def office_names(self) -> list[str]:
        return list(self.offices) if self.has_offices else []

    def office(self, name: str | None) -> Office | None:
        if not name or not self.has_offices:
            return None
        return {fold(known): office for known, office in self.offices.items()}.get(fold(name))

    @property
    def own_office(self) -> UUID | None:
        """Where people go of whom the roster does not say: a coordinator of some offices must be able to see them."""
        return min(self.reach, default=None)


async def load(session: AsyncSession, found: RosterImport) -> Setting:
    cycle = await programmes.own_cycle(session, found.cycle_id)
    programme = await programmes.own_programme(session, cycle.programme_id)
    organisation = await organisations.own(session)
    topics = await topic_names(session, programme)
    reach = people.reach(await people_queries.grants(session, found.uploaded_by))
    offices = await organisations.offices(session, open_only=True)
    return Setting(
        programme=programme,
        cycle=cycle,
        structure=facts(programme.structure),
        questions=await programmes.questions(session, programme.id),
        offices={office.name: office for office in offices if not reach or office.id in reach},
        reach=reach,
        topics=topics,
        # Of two names that are written alike the first counts.
        topic_codes={fold(name): code for name, code in reversed(topics.items())},
        languages=organisation.languages,
        default_language=organisation.default_language,
        time_zone=organisation.time_zone,
        today=clock.today(organisation.time_zone),
    )


async def topic_names(session: AsyncSession, programme: Programme) -> dict[str, str]:
    """
    Name to code. Rosters come in other languages than the programme's, so
    topics that we know have their names in all of ours.
    """
    found: dict[str, str] = {}
    topics = await programmes.topics(session, programme.id)
    # A name that the programme gave wins over the one that we had given to a topic which it calls otherwise now.
    for topic in topics:
        for name in topic.label.values():
            found.setdefault(name, topic.code)
    for topic in topics:
        if topic.code in TOPICS:
            for code in language.installed():
                found.setdefault(language.translations(code).gettext(TOPICS[topic.code]), topic.code)
    return found


async def may_still(session: AsyncSession, house: Actor, found: RosterImport, asked_by: UUID) -> bool:
    """Whether she who has asked for the work on an import may ask for it at this moment too."""
    now = await people_queries.acts_now(session, house, asked_by)
    return now is not None and now.may(Permission.IMPORT_ROSTER) and may_see(now, found)


def may_see(actor: Actor, found: RosterImport) -> bool:
    """A roster may hold people of every office, so a coordinator of some offices sees her own imports only."""
    return not actor.offices or found.uploaded_by == actor.person_id
