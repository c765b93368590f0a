"""Workshops by the model: planned, invited, places and who waits for one, the day before, who came, what they say (K70, K71)."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from tests.histories.circles import Circles
from tests.histories.model import LEFT, NEWS, READY, REGISTERED, TAKE_BACK, TOGETHER, Deed, Person, Refused
from tests.histories.script import Step, Terms, moment, wall

EVERYBODY = ("mentor", "mentee", "peer")
OPEN = ("asked", "coming", "waiting")
TOO_NEAR = timedelta(hours=2)  # to the reminder: an invitation, or the plan itself, says the same
SAID_WITHIN = timedelta(days=60)


@dataclass
class Guest:
    one: Person
    invited_at: datetime
    batch: int
    state: str = "asked"
    answered: int = 0  # the order of answers
    is_told: bool = False  # the invitation has left
    came: bool | None = None
    has_said: bool = False
    is_asked: bool = False  # how it was


@dataclass
class Workshop:
    name: str
    terms: Terms
    state: str = "none"
    audience: str = "everybody"
    places: int | None = None
    starts: datetime = datetime.min
    remind_at: datetime | None = None
    sequence: int = 0
    batches: int = 0
    opinions: int = 0
    guests: dict[str, Guest] = field(default_factory=dict)

    def coming(self) -> int:
        return sum(guest.state == "coming" for guest in self.guests.values())

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.coming() >= self.places


class Workshops(Circles):
    """Each is planned once; all that is done with it afterwards is about that one."""

    workshops: dict[str, Workshop]
    answers = 0

    # What a coordinator does

    def plan(self, workshop: Workshop, step: Step) -> None:
        workshop.state, workshop.audience = "planned", str(step["audience"])
        workshop.places = int(str(step["places"])) or None
        self._set_time(workshop, step)

    def _set_time(self, workshop: Workshop, step: Step) -> None:
        """A task on the day of it; a reminder at the same hour of the day before, unless that is nearly now."""
        day, hour = self.today + timedelta(days=int(str(step["in_days"]))), int(str(step["hour"]))
        workshop.starts = moment(datetime.combine(day, time(hour)), self.zone)
        before = moment(datetime.combine(day - timedelta(days=1), time(hour)), self.zone)
        workshop.remind_at = before if before > self.instant + TOO_NEAR else None
        if workshop.remind_at:
            self.look_at(workshop.remind_at)
        self.ask(self._attendance(workshop), "workshop.attendance", workshop.name, day)

    def _attendance(self, workshop: Workshop) -> str:
        return f"attendance:{workshop.name}:{workshop.sequence}"

    def invite(self, workshop: Workshop, step: Step) -> None:
        """Once each, ten minutes later; whoever had left and came back is invited anew."""
        self._must_be_planned(workshop)
        if workshop.starts <= self.instant:
            raise Refused("workshop_over")
        wanted = (REGISTERED, READY, TOGETHER, *((NEWS,) if step["network"] else ()))
        workshop.batches += 1
        for one in self._meant(workshop):
            guest = workshop.guests.get(one.name)
            if one.status in wanted and (guest is None or guest.state == "gone"):
                workshop.guests[one.name] = fresh = Guest(one, self.instant, workshop.batches)
                self.later(self.in_ten_minutes(), self._invitation(workshop, fresh))

    def _meant(self, workshop: Workshop) -> list[Person]:
        roles = {"mentors": ("mentor",), "mentees": ("mentee",)}.get(workshop.audience, EVERYBODY)
        return [
            one
            for one in self.people.values()
            if self.terms_of[one.name] == workshop.terms and one.member.role in roles
        ]

    def _invitation(self, workshop: Workshop, guest: Guest) -> Deed:
        """Written when it goes, with what stands then."""

        def go() -> None:
            if workshop.guests.get(guest.one.name) is guest and self._may_answer(workshop, guest):
                guest.is_told = guest.one.member.has_email
                self.write(guest.one, "workshop.invited")

        return go

    def undo_invitations(self, workshop: Workshop, step: Step) -> None:
        """Those of the last time, within ten minutes; whoever has answered already stays."""
        if not workshop.batches:
            raise Refused("nothing")
        batch = [guest for guest in workshop.guests.values() if guest.batch == workshop.batches]
        if not batch:
            raise Refused("not_found")
        for guest in batch:
            if guest.state == "asked" and self.instant - guest.invited_at < TAKE_BACK:
                del workshop.guests[guest.one.name]

    def move_workshop(self, workshop: Workshop, step: Step) -> None:
        """Whoever was told of it is told of the new hour ten minutes later, but for those who have declined."""
        self._must_be_planned(workshop)
        self.settle(self._attendance(workshop))
        workshop.sequence += 1
        for guest in self._told(workshop):
            self.later(self.in_ten_minutes(), self._moved(workshop, guest, workshop.sequence))
        self._set_time(workshop, step)
        self._fill(workshop)

    def _moved(self, workshop: Workshop, guest: Guest, sequence: int) -> Deed:
        def go() -> None:
            stands = workshop.sequence == sequence and guest.state != "declined"
            if stands and self._may_answer(workshop, guest):
                self.write(guest.one, "workshop.moved")

        return go

    def change_places(self, workshop: Workshop, step: Step) -> None:
        """More places go to those who wait; fewer than are taken are refused."""
        self._must_be_planned(workshop)
        places = int(str(step["places"]))
        if places < workshop.coming():
            raise Refused("invalid")
        workshop.places = places
        self._fill(workshop)

    def cancel_workshop(self, workshop: Workshop, step: Step) -> None:
        """Who was told of it is told at once; the others never hear of it."""
        self._must_be_planned(workshop)
        self.settle(self._attendance(workshop))
        workshop.state, workshop.remind_at = "cancelled", None
        for guest in self._told(workshop):
            self.write(guest.one, "workshop.cancelled")

    def attend(self, workshop: Workshop, step: Step) -> None:
        """Who was there is asked how it was, ten minutes later: a wrong tick can be taken away before."""
        if workshop.state == "none":
            raise Refused("nothing")
        if workshop.state == "cancelled":
            raise Refused("workshop_over")
        if workshop.starts > self.instant:
            raise Refused("workshop_not_yet")
        self.settle(self._attendance(workshop))
        workshop.state, workshop.remind_at = "held", None
        for name, guest in workshop.guests.items():
            is_new = name in str(step["came"]).split(",") and not guest.came
            guest.came = name in str(step["came"]).split(",")
            if is_new and not guest.is_asked and self.instant < workshop.starts + SAID_WITHIN:
                guest.is_asked = True
                self.later(self.in_ten_minutes(), self._opinion_letter(workshop, guest))

    def _opinion_letter(self, workshop: Workshop, guest: Guest) -> Deed:
        def go() -> None:
            if self._may_say(workshop, guest):
                self.write(guest.one, "workshop.opinion")

        return go

    # What guests do

    def come(self, workshop: Workshop, step: Step) -> None:
        """On her page, or by telephone to the coordinator; the latest answer counts until it begins."""
        guest = self._guest(workshop, step.who or str(step["of"]))
        if not self._may_answer(workshop, guest):
            raise Refused("workshop_over")
        before, yes = guest.state, bool(step["yes"])
        if (before in ("coming", "waiting")) if yes else (before == "declined"):
            return  # a doubled click keeps her place, and her turn
        self.answers += 1
        guest.answered = self.answers
        guest.state = "declined" if not yes else "waiting" if workshop.is_full else "coming"
        if before == "coming":
            self._fill(workshop)

    def opinion(self, workshop: Workshop, step: Step) -> None:
        """Once, by who was there."""
        guest = self._guest(workshop, step.who)
        if guest.has_said:
            raise Refused("opinion_given")
        if not self._may_say(workshop, guest):
            raise Refused("not_a_guest")
        guest.has_said = True
        workshop.opinions += 1

    def move_to(self, one: Person, status: str) -> None:
        """Whoever leaves is no guest any more, and her place goes to who waits."""
        super().move_to(one, status)
        for workshop in self.workshops.values() if status == LEFT else ():
            guest = workshop.guests.get(one.name)
            if workshop.state == "planned" and guest and guest.state in OPEN:
                guest.state = "gone"
                self._fill(workshop)

    # What the house does

    def look(self) -> None:
        super().look()
        for workshop in self.workshops.values():
            if workshop.state == "planned" and workshop.remind_at and workshop.remind_at <= self.instant:
                self._remind_of(workshop)
                workshop.remind_at = None

    def _remind_of(self, workshop: Workshop) -> None:
        """Who comes, and who has not said as long as there is a place."""
        for guest in workshop.guests.values() if workshop.starts > self.instant else ():
            is_new = self.instant - guest.invited_at <= TOO_NEAR
            if not is_new and (guest.state == "coming" or (guest.state == "asked" and not workshop.is_full)):
                self.write(guest.one, "workshop.reminder")

    def _fill(self, workshop: Workshop) -> None:
        """The first to answer is the first to come."""
        waiting = [guest for guest in workshop.guests.values() if guest.state == "waiting"]
        for guest in sorted(waiting, key=lambda guest: guest.answered):
            if workshop.starts > self.instant and not workshop.is_full:
                guest.state = "coming"
                self.write(guest.one, "workshop.place")

    def _told(self, workshop: Workshop) -> list[Guest]:
        return [guest for guest in workshop.guests.values() if guest.is_told and guest.state in OPEN]

    def _guest(self, workshop: Workshop, name: str) -> Guest:
        if workshop.state == "none":
            raise Refused("nothing")
        if name not in workshop.guests:
            raise Refused("not_found")
        return workshop.guests[name]

    def _must_be_planned(self, workshop: Workshop) -> None:
        if workshop.state == "none":
            raise Refused("nothing")
        if workshop.state != "planned":
            raise Refused("workshop_over")

    def _may_answer(self, workshop: Workshop, guest: Guest) -> bool:
        return (
            workshop.state == "planned"
            and workshop.starts > self.instant
            and guest.state in (*OPEN, "declined")
        )

    def _may_say(self, workshop: Workshop, guest: Guest) -> bool:
        is_early = self.instant < workshop.starts + SAID_WITHIN
        return workshop.state == "held" and guest.came is True and not guest.has_said and is_early

    def workshops_stand(self) -> dict[str, object]:
        found: dict[str, object] = {}
        for workshop in self.workshops.values():
            if workshop.state != "none":
                hour = wall(workshop.starts, self.zone)
                found[workshop.name] = (workshop.state, hour, workshop.places, workshop.opinions)
                for name, guest in workshop.guests.items():
                    found[f"{workshop.name} {name}"] = (guest.state, guest.came, guest.has_said)
        return found
