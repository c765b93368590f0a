"""The year of a pair by the model: check-ups, follow-ups, meetings, its end, evaluations."""

from datetime import date, datetime, time, timedelta

from tests.histories.meeting import Proposals
from tests.histories.model import GONE, LEFT, TOGETHER, Evaluation, FollowUp, Meeting, Pair, Person, Refused
from tests.histories.script import Step, moment, months_later

BY_LETTER_FROM = 60  # days: earlier check-ups are a talk of the coordinator
REPLY_DAYS = 14
ASK_BACK = timedelta(days=30)  # ended longer ago than this, nobody is asked for an evaluation
MENDED_WITHIN = timedelta(days=14)
TOLD_WITHIN = timedelta(days=60)  # after a meeting one may say that it took place


class Year(Proposals):
    def confirm(self, pair: Pair) -> None:
        pair.state, pair.runs = "confirmed", True
        pair.begun_on = self.today
        pair.ends_on = months_later(self.today, pair.terms.term_months)
        for one in pair.both:
            one.status = TOGETHER
            self.write(one, "relationship.confirmed")
        self._set_check_up(pair, self._planned_after(pair, self.today))

    def _planned_after(self, pair: Pair, day: date) -> date | None:
        days = [pair.begun_on + timedelta(days=offset) for offset in sorted(pair.terms.check_up_days)]
        return next((one for one in days if one > day), None)

    def _set_check_up(self, pair: Pair, on: date | None) -> None:
        """One date a case; the task of the old one is gone with it."""
        for key in [key for key in self.tasks if key.startswith(f"check_up:{pair.number}:")]:
            self.settle(key)
        pair.check_up_on = on
        if on:
            self.ask(
                f"check_up:{pair.number}:{len(self.asked)}",
                "relationship.check_up",
                f"pair {pair.number}",
                on,
            )

    def _must_run(self, pair: Pair) -> None:
        if pair.begun_on is None:
            raise Refused("nothing")
        if not pair.runs:
            raise Refused("relationship_ended")

    def check_up_done(self, pair: Pair, step: Step) -> None:
        self._must_run(pair)
        self._set_check_up(pair, self._planned_after(pair, max(self.today, pair.check_up_on or self.today)))

    def check_up_moved(self, pair: Pair, step: Step) -> None:
        on = self.today + timedelta(days=int(str(step["in_days"])))
        self._must_run(pair)
        if not self.today <= on <= self.today + timedelta(days=732):
            raise Refused("invalid")
        self._set_check_up(pair, on)

    def end(self, pair: Pair, step: Step) -> None:
        self._must_run(pair)
        self._set_check_up(pair, None)
        pair.runs, pair.ended_at = False, self.now
        self.tried.add(frozenset((pair.mentor.name, pair.mentee.name)))
        for meeting in pair.meetings:
            if meeting.state in ("proposed", "agreed") and meeting.starts > moment(self.now, self.zone):
                meeting.state = "cancelled"
        for one in pair.both:
            self.settle(f"gone:{pair.number}:{one.name}:{one.left}")
            self.write(one, "relationship.ended")
        for one, wish in ((pair.mentor, step["mentor"]), (pair.mentee, step["mentee"])):
            if one.status == TOGETHER and not any(other.runs and one in other.both for other in self.pairs):
                one.left_by_herself = False
                self.move(one, str(wish))

    # Follow-ups

    def reply(self, pair: Pair, step: Step) -> None:
        mine = [asked for (name, _), asked in pair.follow_ups.items() if name == step.who]
        if not mine:
            raise Refused("nothing")
        if not pair.runs:
            raise Refused("relationship_ended")
        mine[-1].replied, mine[-1].remind_on = True, None

    def sweep(self) -> None:
        """What the house looks after each hour."""
        for pair in self.pairs:
            if pair.begun_on:
                self._follow_up(pair)
                self._remind_of_follow_ups(pair)
                self._ask_for_evaluations(pair)
                self._go_on_with_evaluations(pair)

    def _follow_up(self, pair: Pair) -> None:
        for after in pair.terms.check_up_days:
            day = pair.begun_on + timedelta(days=after)
            if after < BY_LETTER_FROM or day != self.today or not pair.runs or pair.ends_on <= self.today:
                continue
            for one in pair.both:
                if one.status not in GONE:
                    pair.follow_ups[one.name, after] = FollowUp(
                        self.today, self.today + timedelta(days=REPLY_DAYS)
                    )
                    self.write(one, "follow_up.asked")

    def _remind_of_follow_ups(self, pair: Pair) -> None:
        for (name, _), asked in pair.follow_ups.items():
            if asked.remind_on == self.today:
                asked.remind_on = None
                if pair.runs and self.people[name].status not in GONE:
                    self.write(self.people[name], "follow_up.reminder")

    # Evaluations

    def _ask_for_evaluations(self, pair: Pair) -> None:
        if pair.evaluations or not pair.terms.asks_evaluation or not self._is_at_its_end(pair):
            return
        for one in pair.both:
            if one.status != LEFT or self._left_at_the_end(pair, one):
                pair.evaluations[one.name] = Evaluation(self.today + timedelta(days=pair.terms.remind_days))
                self.write(one, "evaluation.asked")

    def _is_at_its_end(self, pair: Pair) -> bool:
        if pair.ended_at:
            return moment(self.now, self.zone) - moment(pair.ended_at, self.zone) <= ASK_BACK
        return timedelta(0) <= self.today - pair.ends_on <= ASK_BACK

    def _left_at_the_end(self, pair: Pair, one: Person) -> bool:
        """Who chooses to leave at the end, or leaves after it, is asked; who had left before is not."""
        return bool(pair.ended_at and one.left_at and one.left_at >= pair.ended_at)

    def _go_on_with_evaluations(self, pair: Pair) -> None:
        for name, asked in pair.evaluations.items():
            if asked.state != "asked" or asked.next_on is None or asked.next_on > self.today:
                continue
            if not asked.is_reminded:
                asked.is_reminded = True
                asked.next_on = self.today + timedelta(days=pair.terms.call_days)
                self.write(self.people[name], "evaluation.reminder")
            else:
                asked.next_on = None
                self.ask(f"evaluation:{pair.number}:{name}", "evaluation.call", name, self.today)

    def evaluate(self, pair: Pair, step: Step) -> None:
        self._keep(pair, step.who, goes_on=bool(step["goes_on"]))
        pair.evaluations[step.who].by_coordinator = False

    def record(self, pair: Pair, step: Step) -> None:
        """What the coordinator was told gives way to what she answers herself, and never the other way."""
        found = self._evaluation(pair, str(step["of"]))
        if found.state == "answered" and not found.by_coordinator:
            raise Refused("evaluation_settled")
        self._keep(pair, str(step["of"]), goes_on=bool(step["goes_on"]))
        found.by_coordinator = True

    def close_evaluation(self, pair: Pair, step: Step) -> None:
        found = self._evaluation(pair, str(step["of"]))
        if found.state == "answered":
            raise Refused("evaluation_settled")
        found.state, found.next_on = "closed", None
        self.settle(f"evaluation:{pair.number}:{step['of']}")

    def _evaluation(self, pair: Pair, name: str) -> Evaluation:
        if name not in pair.evaluations:
            raise Refused("nothing")
        return pair.evaluations[name]

    def _keep(self, pair: Pair, name: str, *, goes_on: bool) -> None:
        found = self._evaluation(pair, name)
        now = moment(self.now, self.zone)
        if found.state == "closed" or (found.answered_at and now - found.answered_at > MENDED_WITHIN):
            raise Refused("evaluation_settled")
        is_first = found.state == "asked"
        found.state, found.next_on = "answered", None
        found.answered_at = found.answered_at or now
        self.settle(f"evaluation:{pair.number}:{name}")
        if is_first and goes_on:
            self.ask(f"goes_on:{pair.number}", "evaluation.goes_on", f"pair {pair.number}", self.today)

    # Meetings: each deed is about the one that was proposed last.

    def offer(self, pair: Pair, step: Step) -> None:
        self._must_run(pair)
        me = self.people[step.who]
        day = self.today + timedelta(days=int(str(step["in_days"])))
        starts = moment(datetime.combine(day, time(17)), me.member.zone)
        if starts <= moment(self.now, self.zone):
            raise Refused("meeting_time")
        for one in pair.meetings:
            if one.state == "proposed" and one.by == step.who:
                one.state = "cancelled"
        pair.meetings.append(Meeting(step.who, starts))
        if (
            pair.other(me).status not in GONE
        ):  # who has left is offered nothing, while her pair waits for its coordinator
            self.write(pair.other(me), "meeting.proposed")

    def agree(self, pair: Pair, step: Step) -> None:
        found = self._meeting(pair)
        if found.state not in ("proposed", "agreed") or found.starts <= moment(self.now, self.zone):
            raise Refused("meeting_closed")
        if found.by == step.who:
            raise Refused("meeting_own")
        if found.state == "proposed":
            for one in pair.meetings:
                if one.state == "proposed":
                    one.state = "cancelled"
            found.state = "agreed"
            self._tell_both(pair, "meeting.agreed")

    def cancel(self, pair: Pair, step: Step) -> None:
        found = self._meeting(pair)
        if found.state not in ("proposed", "agreed"):
            raise Refused("meeting_closed")
        if found.state == "agreed":
            self._tell_both(pair, "meeting.cancelled")
        found.state = "cancelled"

    def hold(self, pair: Pair, step: Step) -> None:
        """One of the two says that they have met."""
        found = self._meeting(pair)
        if found.state not in ("agreed", "held"):
            raise Refused("meeting_closed")
        ago = moment(self.now, self.zone) - found.starts
        if ago < timedelta(0):
            raise Refused("meeting_not_yet")
        if ago > TOLD_WITHIN:
            raise Refused("meeting_answer_late")
        found.state = "held"

    def _tell_both(self, pair: Pair, kind: str) -> None:
        """Whoever did it gets the letter too, for her calendar."""
        for one in pair.both:
            self.write(one, kind)

    def _meeting(self, pair: Pair) -> Meeting:
        if not pair.meetings:
            raise Refused("nothing")
        self._must_run(pair)
        return pair.meetings[-1]

    def tick(self, pair: Pair, step: Step) -> None:
        """The coordinator ticks the first open task of a kind about this case."""
        keys = sorted(
            (task.due_on, key)
            for key, task in self.tasks.items()
            if task.kind == step["kind"] and task.about == f"pair {pair.number}"
        )
        if not keys:
            raise Refused("nothing")
        self.settle(keys[0][1])

    # To compare with the product

    def next_day(self) -> date | None:
        """The next day on which something happens by itself."""
        days = [self.agenda_day()]
        for pair in self.pairs:
            if pair.begun_on:
                days += [
                    pair.begun_on + timedelta(days=after) for after in pair.terms.check_up_days if pair.runs
                ]
                days += [pair.ends_on if pair.runs else None]
                days += [asked.remind_on for asked in pair.follow_ups.values()]
                days += [asked.next_on for asked in pair.evaluations.values() if asked.state == "asked"]
        return min((day for day in days if day and day > self.today), default=None)

    def standing(self) -> dict[str, object]:
        found: dict[str, object] = {f"status of {one.name}": one.status for one in self.people.values()}
        for pair in self.pairs:
            found[f"proposal {pair.number}"] = (pair.state, pair.answer_by, pair.meet_by, pair.meeting_on)
            if pair.begun_on:
                found[f"relationship {pair.number}"] = (
                    pair.runs,
                    pair.begun_on,
                    pair.ends_on,
                    pair.check_up_on,
                )
            for (name, after), asked in pair.follow_ups.items():
                found[f"follow-up {pair.number} {name} {after}"] = (asked.asked_on, asked.replied)
            for name, evaluation in pair.evaluations.items():
                found[f"evaluation {pair.number} {name}"] = (evaluation.state, evaluation.next_on)
            if pair.meetings:
                found[f"meetings {pair.number}"] = [one.state for one in pair.meetings]
        for task in self.tasks.values():
            of = f"tasks about {task.about}"
            found[of] = sorted([*found.get(of, []), (task.kind, task.due_on)])
        return found

    def do(self, pair: str, step: Step) -> str | None:
        """Carry out a step; the code with which it is refused, or nothing."""
        [about] = [one for one in self.pairs if one.number == pair]
        try:
            getattr(self, step.deed)(about, step)
        except Refused as refused:
            return str(refused)
        return None
