"""Meetings of a pair by the model: offered, agreed, moved, reminded of the day before, and "did you meet?" the day after."""

from datetime import date, datetime, time, timedelta

from tests.histories.model import GONE, Deed, Meeting, Pair, Person, Refused
from tests.histories.script import Step, moment, wall
from tests.histories.year import Year

REMINDED_FROM = timedelta(hours=48)  # before it begins, the house promises the reminder
TOO_NEAR = timedelta(hours=2)  # to what was agreed just now, or to the meeting itself
ASKED_WITHIN = timedelta(days=7)
TOLD_WITHIN = timedelta(days=60)
NOTED_WITHIN = timedelta(days=366)
NINE = time(9)


class Together(Year):
    # Offers. Deeds about a meeting are about the last one that was not offered in place of another.

    def offer(self, pair: Pair, step: Step) -> None:
        self._must_run(pair)
        self._offer(pair, step, None)

    def move(self, pair: Pair, step: Step) -> None:
        """Another time for the meeting, which stands until somebody agrees to it."""
        stands = self._meeting(pair)
        self._day_of(step)
        self._must_stand(stands)
        self._offer(pair, step, stands)

    def _offer(self, pair: Pair, step: Step, instead_of: Meeting | None) -> None:
        starts = self._day_of(step)
        for one in pair.meetings:
            if one.state == "proposed" and one.by == step.who:
                one.state = "cancelled"
        pair.meetings.append(Meeting(step.who, starts, instead_of=instead_of))
        for other in pair.others(step.who):
            if (
                other.status not in GONE
            ):  # who has left is offered nothing, while it waits for its coordinator
                self.write(other, "meeting.proposed")

    def _day_of(self, step: Step) -> datetime:
        """At five in the afternoon, by the clock of whoever offers it."""
        day = self.today + timedelta(days=int(str(step["in_days"])))
        starts = moment(datetime.combine(day, time(17)), self.people[step.who].member.zone)
        if starts <= self.instant:
            raise Refused("meeting_time")
        return starts

    def _must_stand(self, meeting: Meeting) -> None:
        if meeting.state != "agreed" or meeting.starts <= self.instant:
            raise Refused("meeting_closed")

    def agree(self, pair: Pair, step: Step) -> None:
        self._must_run_with(pair)
        found = [one for one in pair.meetings if not one.is_noted][-1]
        moves = found.instead_of
        if moves and found.state == "cancelled" and (moves.state, moves.starts) == ("agreed", found.starts):
            return  # a second click
        if found.state not in ("proposed", "agreed") or found.starts <= self.instant:
            raise Refused("meeting_closed")
        if found.by == step.who:
            raise Refused("meeting_own")
        if found.state == "agreed":
            return
        if moves:
            self._must_stand(moves)
            moves.starts, moves.sequence = found.starts, moves.sequence + 1
        else:
            found.state = "agreed"
        self._stands(pair, moves or found)
        self.tell_both(pair, "meeting.moved" if moves else "meeting.agreed")

    def _stands(self, pair: Pair, meeting: Meeting) -> None:
        """All other offers fall away; the house looks after it the morning before and the morning after."""
        meeting.known_since = self.instant
        for one in pair.meetings:
            if one.state == "proposed":
                one.state = "cancelled"
        for one in pair.both:
            for days in (-1, 1):
                self.look_at(self._morning(meeting, one, days))

    def cancel(self, pair: Pair, step: Step) -> None:
        found = self._meeting(pair)
        if found.state not in ("proposed", "agreed"):
            raise Refused("meeting_closed")
        if found.state == "agreed":
            self._must_stand(found)  # when its hour has come they are asked whether they met
            self.tell_both(pair, "meeting.cancelled")
            for one in pair.meetings:
                if one.instead_of is found and one.state == "proposed":
                    one.state = "cancelled"
        found.state = "cancelled"

    # Did you meet?

    def say(self, pair: Pair, step: Step) -> None:
        """One yes is enough; what is said may be changed for sixty days."""
        found = self._meeting(pair)
        if found.state not in ("agreed", "held", "missed"):
            raise Refused("meeting_closed")
        if found.starts > self.instant:
            raise Refused("meeting_not_yet")
        if self.instant - found.starts > TOLD_WITHIN:
            raise Refused("meeting_answer_late")
        self._keep_said(pair, found, step.who, met=bool(step["met"]))

    def note(self, pair: Pair, step: Step) -> None:
        """They met without a plan here: once for each day, and the agreed one of that day where there is one."""
        self._must_run(pair)
        zone = self.people[step.who].member.zone
        on = self.today + timedelta(days=int(str(step["in_days"])))
        assert pair.begun_at
        first = wall(max(pair.begun_at, self.instant - NOTED_WITHIN), zone).date()
        if not first <= on <= wall(self.instant, zone).date():
            raise Refused("meeting_time")
        stands = self._of_day(pair, on, zone)
        if stands is None:
            starts = min(moment(datetime.combine(on, time(12)), zone), self.instant)
            noted = Meeting(step.who, starts, "held", is_noted=True, noted_on=on, is_asked=True)
            pair.meetings.append(noted)
            self.heard(pair)
        elif stands.state != "held":
            if stands.starts > self.instant:
                raise Refused("meeting_not_yet")
            self._keep_said(pair, stands, step.who, met=True)

    def _of_day(self, pair: Pair, on: date, zone: str) -> Meeting | None:
        """One that was held before one that is over, and both before one that they missed or that is to come."""
        found = [
            one
            for one in pair.meetings
            if one.state in ("agreed", "held", "missed")
            and on in (wall(one.starts, zone).date(), one.noted_on)
        ]
        return min(
            found,
            key=lambda one: (one.state != "held", one.starts > self.instant, one.state != "agreed"),
            default=None,
        )

    def _keep_said(self, pair: Pair, meeting: Meeting, who: str, *, met: bool) -> None:
        meeting.said[who] = met
        meeting.state = "held" if any(meeting.said.values()) else "missed"
        if meeting.state == "held":
            self.heard(pair)

    # What the house does, each hour

    def look(self) -> None:
        for pair in self.pairs:
            for meeting in pair.meetings if pair.runs else ():
                if meeting.state == "agreed":
                    self._promise_reminders(pair, meeting)
                    self._ask_whether_they_met(pair, meeting)

    def _morning(self, meeting: Meeting, one: Person, days: int) -> datetime:
        """Nine by her own clock, so many days from that of the meeting."""
        zone = one.member.zone
        return moment(datetime.combine(wall(meeting.starts, zone).date() + timedelta(days=days), NINE), zone)

    def _promise_reminders(self, pair: Pair, meeting: Meeting) -> None:
        """Promised some hours before; it looks again before it goes. Once for each time that the meeting was given."""
        assert meeting.known_since
        if not TOO_NEAR < meeting.starts - self.instant <= REMINDED_FROM:
            return
        for one in pair.both:
            due, promise = self._morning(meeting, one, -1), (one.name, meeting.sequence)
            if one.status in GONE or promise in meeting.promised or due < meeting.known_since + TOO_NEAR:
                continue
            meeting.promised.add(promise)
            self.later_at(max(due, self.instant), self._reminder(pair, meeting, one, meeting.sequence))

    def _reminder(self, pair: Pair, meeting: Meeting, one: Person, sequence: int) -> Deed:
        def go() -> None:
            stands = (
                meeting.state == "agreed" and meeting.sequence == sequence and meeting.starts > self.instant
            )
            if pair.runs and stands and one.status not in GONE:
                self.write(one, "meeting.reminder")

        return go

    def _ask_whether_they_met(self, pair: Pair, meeting: Meeting) -> None:
        """Each, the morning after; whoever says anything spares the other the question."""
        if meeting.is_asked or not timedelta(0) < self.instant - meeting.starts <= ASKED_WITHIN:
            return
        meeting.is_asked = True
        for one in pair.both:
            if one.status not in GONE:
                due = max(self._morning(meeting, one, 1), self.instant)
                self.later_at(due, self._did_you_meet(pair, meeting, one))

    def _did_you_meet(self, pair: Pair, meeting: Meeting, one: Person) -> Deed:
        def go() -> None:
            if pair.runs and meeting.state == "agreed" and one.status not in GONE:
                self.write(one, "meeting.did_you_meet")

        return go

    def tell_both(self, pair: Pair, kind: str) -> None:
        """Whoever did it gets the letter too, for her calendar."""
        for one in pair.both:
            self.write(one, kind)

    def _must_run_with(self, pair: Pair) -> None:
        """There is a meeting that it could be about, and the pair runs."""
        if not any(not one.is_noted for one in pair.meetings):
            raise Refused("nothing")
        self._must_run(pair)

    def _meeting(self, pair: Pair) -> Meeting:
        self._must_run_with(pair)
        return [one for one in pair.meetings if not (one.is_noted or one.instead_of)][-1]
