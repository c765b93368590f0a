"""The year of a pair by the model: check-ups, follow-ups, its end, evaluations."""

from datetime import date, timedelta

from tests.histories.meeting import Proposals
from tests.histories.model import GONE, LEFT, READY, TOGETHER, Evaluation, FollowUp, Pair, Person, Refused
from tests.histories.script import Step, moment, months_later

BY_LETTER_FROM = 60  # days: earlier check-ups are a talk of the coordinator
REPLY_DAYS = 14
ASK_BACK = timedelta(days=30)  # ended longer ago than this, nobody is asked for an evaluation
MENDED_WITHIN = timedelta(days=14)
LAST_WEEK = timedelta(days=7)  # of a notice: both are asked for their evaluation
COPY_DAYS = 21  # until agreement and plan are to be with the coordinator


class Year(Proposals):
    def confirm(self, pair: Pair) -> None:
        pair.state, pair.runs = "confirmed", True
        pair.begun_at, pair.begun_on = self.instant, self.today
        pair.ends_on = months_later(self.today, pair.terms.term_months)
        for one in pair.both:
            one.status = TOGETHER
            self.write(one, "relationship.confirmed")
        copy_by = self.today + timedelta(days=COPY_DAYS)
        self.ask(f"copy:{pair.number}", "agreement.copy", f"pair {pair.number}", copy_by)
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
        self.close_case(pair, str(step["mentor"]), str(step["mentee"]))

    def close_case(self, pair: Pair, mentor: str = READY, mentee: str = READY) -> None:
        """With what each chooses afterwards; whoever has changed her status meanwhile keeps that."""
        self._set_check_up(pair, None)
        self.settle(f"copy:{pair.number}")
        pair.runs, pair.ended_at = False, self.now
        self.remember(pair)
        for meeting in pair.meetings:
            if meeting.state in ("proposed", "agreed") and meeting.starts > self.instant:
                meeting.state = "cancelled"
        for one in pair.both:
            self.settle(*self.tasks_like(f"gone:{pair.number}:{one.name}:"))
            self.write(one, "relationship.ended")
        for one in pair.both:
            self.go_on_as(one, mentor if one is pair.leader else mentee)

    def go_on_as(self, one: Person, wish: str) -> None:
        if one.status == TOGETHER and not any(other.runs and one in other.both for other in self.pairs):
            one.left_by_herself = False
            self.move_to(one, wish)

    # Follow-ups

    def reply(self, pair: Pair, step: Step) -> None:
        mine = [asked for (name, _), asked in pair.follow_ups.items() if name == step.who]
        if not mine:
            raise Refused("nothing")
        if not pair.runs:
            raise Refused("relationship_ended")
        mine[-1].replied, mine[-1].remind_on = True, None
        self.settle(f"not_heard:{pair.number}")

    def sweep(self) -> None:
        """What the house looks after each hour."""
        for pair in self.pairs:
            if pair.begun_on:
                self._follow_up(pair)
                self._remind_of_follow_ups(pair)
                self._ask_no_more(pair)
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
                one = self.people[name]
                if pair.runs and one in pair.both and one.status not in GONE:
                    self.write(one, "follow_up.reminder")

    # Evaluations

    def _ask_no_more(self, pair: Pair) -> None:
        """A notice was taken back: what is not answered yet is asked at the true end."""
        states = {one.state for one in pair.notices}
        if "taken_back" not in states or "given" in states or not pair.runs or pair.ends_on <= self.today:
            return
        for one in pair.both:
            self._take_back_evaluation(pair, one.name)

    def _take_back_evaluation(self, pair: Pair, name: str) -> None:
        asked = pair.evaluations.get(name)
        if asked and asked.state == "asked":
            del pair.evaluations[name]
            self.settle(f"evaluation:{pair.number}:{name}:{asked.asked_at}")

    def _ask_for_evaluations(self, pair: Pair) -> None:
        if not pair.terms.asks_evaluation or not self._is_at_its_end(pair):
            return
        if any(self._is_of_now(pair, asked) for asked in pair.evaluations.values()):
            return
        for one in pair.both:
            answered = one.name in pair.evaluations  # before a notice was taken back
            if not answered and (one.status != LEFT or self._left_at_the_end(pair, one)):
                remind_on = self.today + timedelta(days=pair.terms.remind_days)
                pair.evaluations[one.name] = Evaluation(self.now, remind_on)
                self.write(one, "evaluation.asked")

    def _is_of_now(self, pair: Pair, asked: Evaluation) -> bool:
        """And was not asked in the last week of a notice that was taken back."""
        return not any(one.state == "taken_back" and one.settled_at > asked.asked_at for one in pair.notices)

    def _is_at_its_end(self, pair: Pair) -> bool:
        if pair.ended_at:
            return self.instant - moment(pair.ended_at, self.zone) <= ASK_BACK
        ends = [one.ends_on for one in pair.notices if one.state == "given"]
        in_the_last_week = any(self.today >= day - LAST_WEEK for day in ends)
        return in_the_last_week or timedelta(0) <= self.today - pair.ends_on <= ASK_BACK

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
                self.ask(
                    f"evaluation:{pair.number}:{name}:{asked.asked_at}",
                    "evaluation.call",
                    name,
                    self.today,
                    pair.coordinator,
                )

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
        self.settle(f"evaluation:{pair.number}:{step['of']}:{found.asked_at}")

    def _evaluation(self, pair: Pair, name: str) -> Evaluation:
        if name not in pair.evaluations:
            raise Refused("nothing")
        return pair.evaluations[name]

    def _keep(self, pair: Pair, name: str, *, goes_on: bool) -> None:
        found = self._evaluation(pair, name)
        now = moment(self.now, self.zone)
        if found.state == "closed" or (found.answered_at and now - found.answered_at > MENDED_WITHIN):
            raise Refused("evaluation_settled")
        found.state, found.next_on = "answered", None
        found.answered_at = found.answered_at or now
        self.settle(f"evaluation:{pair.number}:{name}:{found.asked_at}")
        if goes_on:  # also on second thought, or where the coordinator had noted something else
            self.ask(f"goes_on:{pair.number}", "evaluation.goes_on", f"pair {pair.number}", self.today)
