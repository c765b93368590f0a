"""Whether a pair meets about once a month and is heard of after it began, by the model (K38, K52)."""

from datetime import date, timedelta

from tests.histories.model import GONE, LEAST_TOGETHER, Pair, Questions, Refused
from tests.histories.script import Step, wall
from tests.histories.together import Together

QUIET_DAYS = timedelta(days=35)  # without a meeting: one kind letter
TASK_DAYS = timedelta(days=14)  # later their coordinator gets a task
NOT_HEARD_DAYS = timedelta(days=28)  # after the beginning: nothing is known of them
YOUNG = timedelta(days=90)  # and no more than so long after it
NEARLY_OVER = timedelta(days=14)  # before the last day nobody is told to meet
UNSAID = timedelta(
    days=7
)  # so long an agreed meeting counts as one to come, until somebody says whether they met
AGAIN_AFTER = timedelta(days=7)  # the three questions
MENDED_WITHIN = timedelta(days=14)


class Rhythm(Together):
    def confirm(self, pair: Pair) -> None:
        super().confirm(pair)
        pair.silence.look_on = self.today + min(QUIET_DAYS, NOT_HEARD_DAYS)

    def heard(self, pair: Pair) -> None:
        """What waited for that is done, and the next look is soon."""
        self.settle(f"not_heard:{pair.number}", *self.tasks_like(f"quiet:{pair.number}:"))
        pair.silence.look_on = self.today

    def close_case(self, pair: Pair, *wishes: str) -> None:
        self.settle(f"not_heard:{pair.number}")
        self.settle(*self.tasks_like(f"quiet:{pair.number}:", f"doubt:{pair.number}:"))
        super().close_case(pair, *wishes)

    def sweep(self) -> None:
        super().sweep()
        for pair in self.pairs:
            if pair.runs and pair.silence.look_on and pair.silence.look_on <= self.today:
                self._look_at(pair)

    def _look_at(self, pair: Pair) -> None:
        """Each case has one day on which to look next; both letter and task come once for each silence."""
        assert pair.begun_on and pair.ends_on
        silence, today = pair.silence, self.today
        first_word = pair.begun_on + NOT_HEARD_DAYS
        since, meets_on = self._last_met(pair) or pair.begun_on, self._meets_on(pair)
        if first_word <= today <= pair.begun_on + YOUNG and not self._is_known(pair):
            self.ask(f"not_heard:{pair.number}", "relationship.not_heard", f"pair {pair.number}", today)
        is_alone = sum(one.status not in GONE for one in pair.both) < LEAST_TOGETHER  # a task of its own
        if since + QUIET_DAYS > today or pair.ends_on <= today + NEARLY_OVER or is_alone:
            silence.told_on = None
            look_on = max(since + QUIET_DAYS, today + timedelta(days=1))
        elif meets_on is not None:
            look_on = min(max(meets_on, today) + timedelta(days=2), today + timedelta(days=7))
        elif silence.told_on is None:
            self._tell(pair, since)
            silence.told_on, look_on = today, today + TASK_DAYS
        elif today < silence.told_on + TASK_DAYS:
            look_on = silence.told_on + TASK_DAYS
        else:
            key = f"quiet:{pair.number}:{silence.told_on}"
            self.ask(key, "relationship.quiet", f"pair {pair.number}", today)
            look_on = today + QUIET_DAYS
        silence.look_on = min(look_on, first_word) if today < first_word else look_on

    def _tell(self, pair: Pair, since: date) -> None:
        """Those who still take part; in a group or circle they go on without whoever has left the programme."""
        for one in pair.both:
            if one.status not in GONE and (since, one.name) not in pair.silence.told_of:
                pair.silence.told_of.add((since, one.name))
                self.write(one, "relationship.quiet")

    def _last_met(self, pair: Pair) -> date | None:
        held = [one.starts for one in pair.meetings if one.state == "held"]
        return wall(max(held), self.zone).date() if held else None

    def _meets_on(self, pair: Pair) -> date | None:
        agreed = [
            one.starts
            for one in pair.meetings
            if one.state == "agreed" and one.starts > self.instant - UNSAID
        ]
        return wall(min(agreed), self.zone).date() if agreed else None

    def _is_known(self, pair: Pair) -> bool:
        told = any(one.replied for one in pair.follow_ups.values())
        answered = any(one.answered_at for asked in pair.silence.questions.values() for one in asked)
        return bool(told or answered or self._last_met(pair) or self._meets_on(pair))

    # The three questions

    def ask_three(self, pair: Pair, step: Step) -> None:
        """The coordinator asks; who has not answered gets the same ones again, at the earliest after a week."""
        self._must_run(pair)
        written = False
        for one in pair.both:
            asked = pair.silence.questions.setdefault(one.name, [])
            if one.status in GONE or (asked and self.instant - asked[-1].asked_at < AGAIN_AFTER):
                continue
            if not asked or asked[-1].answered_at:
                asked.append(Questions(len(asked), self.instant))
            asked[-1].asked_at = self.instant
            self.write(one, "relationship.not_heard")
            written = True
        if not written:
            raise Refused("asked_lately")
        self.settle(f"not_heard:{pair.number}")

    def answer_three(self, pair: Pair, step: Step) -> None:
        """Whoever is not sure, or would stop, becomes a task for the coordinator."""
        if pair.begun_on is None or not pair.silence.questions.get(step.who):
            raise Refused("nothing")
        self._must_run(pair)
        asked = pair.silence.questions[step.who][-1]
        if asked.answered_at and self.instant - asked.answered_at > MENDED_WITHIN:
            raise Refused("questions_settled")
        asked.answered_at = asked.answered_at or self.instant
        self.heard(pair)
        if step["goes_on"] != "yes":
            key = f"doubt:{pair.number}:{step.who}:{asked.number}:{step['goes_on']}"
            self.ask(key, "relationship.doubt", f"pair {pair.number}", self.today)
