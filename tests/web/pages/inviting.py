"""A coordinator who invites people to interviews, and the letters that they get."""

import re
from datetime import timedelta

from icalendar import Calendar
from sqlalchemy import select

from tenants.notifications.models import Task
from tenants.registration.appointment_models import Appointment
from tenants.registration.models import Participation
from tests import making
from tests.working import drain

HERS, OTHERS = "wanjiru@example.org", "njeri@example.org"
PLACE = "Obala 4, third floor"


class Case:
    """Cora in Tbilisi (UTC+4) invites Wanjiru and Njeri, who live in Copenhagen (UTC+1 in winter)."""

    def __init__(self, hand, ground, made, launched, inbox, browse, desk):
        self.hand, self.ground, self.made, self.launched = hand, ground, made, launched
        self.inbox, self.browse, self.desk = inbox, browse, desk

    def session(self, actor=None):
        return self.ground.database.tenant_session((actor or self.made.house).context())

    async def joins(self, name, email, role="mentee"):
        return await making.participation(
            self.ground.database, self.made, self.launched, role, name=name, email=email
        )

    async def times(self, *people, first="2026-12-07T10:00", **others):
        """The page with the hours, as the coordinator reaches it from the pipeline."""
        page = await self.desk.get("/c/pipeline")
        page = await page.submit("/c/pipeline/selected", p=[one.id for one in people])
        fields = [("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1])]
        page = await self.desk.post("/c/appointments/new", [*fields, *(("p", str(one.id)) for one in people)])
        facts = {"first": first, "minutes": "45", "pause": "15", "place": PLACE} | others
        return await page.submit("/c/appointments/times", **facts)

    async def invite(self, *people, **facts):
        return await (await self.times(*people, **facts)).submit("/c/appointments")

    async def wait(self, **by):
        self.hand.shift(timedelta(**(by or {"minutes": 11})))
        await drain(self.ground, self.made.id)

    async def one(self, whose) -> Appointment:
        async with self.session() as session:
            query = select(Appointment).where(Appointment.participation_id == whose.id)
            return (await session.execute(query.order_by(Appointment.created_at.desc()))).scalars().first()

    async def status(self, whose):
        async with self.session() as session:
            row = await session.get(Participation, (self.made.id, whose.id))
            return row.status, row.interview_on

    async def tasks(self):
        async with self.session() as session:
            query = select(Task.kind, Task.due_on).where(Task.done_at.is_(None))
            rows = (await session.execute(query.order_by(Task.kind, Task.due_on))).all()
            return [(kind, str(due)) for kind, due in rows if kind.startswith("interview.")]

    def last(self, address):
        return self.inbox.to(address)[-1]

    def link(self, address):
        return re.search(r"https?://[^/\s]+(/interview/[\w-]+)", words(self.last(address)))[1]

    async def open(self, address):
        """The page of her letter, in a browser in which nobody has signed in."""
        return await self.browse(self.made.host).get(self.link(address))


def words(mail) -> str:
    return re.sub(r"\s+", " ", mail.get_body(("plain",)).get_content())


def entry(mail):
    """The event that a letter carries, and its method."""
    [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    whole = Calendar.from_ical(part.get_content())
    return whole.events[0], str(whole["METHOD"])
