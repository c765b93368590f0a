"""Groups and circles by the model: asked all together, begun by enough of them, and left by one while the others go on."""

from datetime import datetime, timedelta

from tests.histories.meeting import OF_A_PROPOSAL, STATE_OF
from tests.histories.model import (
    GONE,
    LEAST_TOGETHER,
    LEFT,
    NEVER_IN,
    READY,
    Evaluation,
    Notice,
    Pair,
    Person,
    Refused,
)
from tests.histories.script import Step, moment, working_days_later
from tests.histories.signing import Signing
from tests.histories.year import ASK_BACK

TAKE_PART = "take_part"


class Circles(Signing):
    # Asked

    def propose(self, pair: Pair, step: Step) -> None:
        """Of everybody a place is held; if one has none left it stays a draft."""
        if not pair.is_party:
            return super().propose(pair, step)
        if pair.state != "draft":
            raise Refused("proposal_not_approvable")
        if not all(map(self.may_be_matched, pair.people)):
            return None
        pair.sending, pair.sent_at, pair.state = pair.sending + 1, self.now, "open"
        pair.said, pair.given_up = {}, set()
        days, sending = pair.terms.answer_days, pair.sending
        pair.answer_by = working_days_later(self.today, days)
        over = working_days_later(pair.answer_by + timedelta(days=1), days)
        if not all(one.member.has_email for one in pair.people):
            self.ask_about(pair, "call", "party.unanswered", self.today)
        self.later(self.in_ten_minutes(), lambda: self._first_letters(pair, sending, "open", "party.ask"))
        self.later(self.midnight_after(pair.answer_by), lambda: self._remind_seats(pair, sending))
        self.later(self.midnight_after(over), lambda: self._time_is_over(pair, sending))
        return None

    def withdraw(self, pair: Pair, step: Step) -> None:
        if not pair.is_party:
            return super().withdraw(pair, step)
        self._must_be_open(pair)
        return self._close_party(pair, "withdrawn")

    def answer(self, pair: Pair, step: Step) -> None:
        if not pair.is_party:
            return super().answer(pair, step)
        if not self.has_been_told(pair):
            raise Refused("not_found")
        self._must_ask(pair, step.who)
        pair.said[step.who, TAKE_PART] = bool(step["yes"])
        return self._conclude(pair)

    def note_answer(self, pair: Pair, step: Step) -> None:
        if not pair.is_party:
            return super().note_answer(pair, step)
        self._must_ask(pair, str(step["of"]))
        if (str(step["of"]), TAKE_PART) in pair.said:
            raise Refused("answered_already")
        pair.said[str(step["of"]), TAKE_PART] = bool(step["yes"])
        return self._conclude(pair)

    def begin_now(self, pair: Pair, step: Step) -> None:
        """The coordinator lets it begin with those who have said yes, two at least, and a group's mentor."""
        self._must_be_open(pair)
        yes = self._who_say(pair, True)
        if len(yes) < LEAST_TOGETHER or (pair.leader and pair.leader not in yes):
            raise Refused("party_too_few")
        self._begin(pair, yes)

    def _must_be_open(self, pair: Pair) -> None:
        if pair.state != STATE_OF["meet"]:
            raise Refused("party_closed")

    def _must_ask(self, pair: Pair, name: str) -> None:
        """Nothing is asked of whoever has left, also where she has come back since."""
        self._must_be_open(pair)
        if name in pair.given_up:
            raise Refused("party_seat_given_up")

    def _who_say(self, pair: Pair, said: bool | None) -> list[Person]:
        """Whoever takes part no more has said no."""
        return [
            one
            for one in pair.people
            if (False if one.status in GONE else pair.said.get((one.name, TAKE_PART))) is said
        ]

    def _conclude(self, pair: Pair, *, is_over: bool = False) -> None:
        """It begins once all have answered, or the time is over; it ends as soon as it cannot begin any more."""
        yes, silent = self._who_say(pair, True), self._who_say(pair, None)
        may_be = yes if is_over else [*yes, *silent]
        followers = [one for one in may_be if one is not pair.leader]
        if len(followers) < pair.terms.least or (pair.leader and pair.leader not in may_be):
            self._close_party(pair, "declined")
        elif is_over or not silent:
            self._begin(pair, yes)

    def _begin(self, pair: Pair, yes: list[Person]) -> None:
        """Those who said yes learn who they are; the silent, that it has begun."""
        silent = self._who_say(pair, None)
        pair.out = {one.name: NEVER_IN for one in pair.people if one not in yes}
        self.settle(*(self.key(pair, task) for task in OF_A_PROPOSAL))
        for one in silent:
            self.write(one, "party.late")
        self.confirm(pair)

    def _close_party(self, pair: Pair, state: str) -> None:
        """All but those who said no are told, in the same words, if they knew of it at all."""
        told = [one for one in pair.people if one not in self._who_say(pair, False)]
        pair.state = state
        self.settle(*(self.key(pair, task) for task in OF_A_PROPOSAL))
        self.ask_about(pair, "next", "party.next", self.today)
        for one in told if self.has_been_told(pair) else ():
            self.write(one, "party.closed")

    def go_from(self, pair: Pair, one: Person) -> None:
        """Her seat says no for good: neither she nor her coordinator answers for it, and it does not come back with her."""
        if pair.is_party:
            pair.given_up.add(one.name)
            pair.said[one.name, TAKE_PART] = False
            self._conclude(pair)
        else:
            super().go_from(pair, one)

    def _remind_seats(self, pair: Pair, sending: int) -> None:
        if (pair.state, pair.sending) == ("open", sending):
            for one in self._who_say(pair, None):
                self.write(one, "party.remind")

    def _time_is_over(self, pair: Pair, sending: int) -> None:
        if (pair.state, pair.sending) == ("open", sending):
            self._conclude(pair, is_over=True)

    # One leaves it while the others go on

    def let_go(self, pair: Pair, step: Step) -> None:
        self._must_run(pair)
        one = self.people[str(step["of"])]
        if one.name in pair.out:
            if pair.out[one.name] == NEVER_IN:
                raise Refused("not_found")
            return  # twice
        if not self._goes_on_without(pair, one):
            raise Refused("relationship_last_ones")
        self._part(pair, one, str(step["wish"]))

    def _goes_on_without(self, pair: Pair, one: Person) -> bool:
        is_small = len(pair.both) - 1 < LEAST_TOGETHER
        return pair.is_party and one is not pair.leader and not is_small

    def _part(self, pair: Pair, one: Person, wish: str = READY) -> None:
        """For her it is the end; the others are told nothing, and what she has not signed holds nobody up."""
        pair.out[one.name] = self.now
        self.settle(*self.tasks_like(f"gone:{pair.number}:{one.name}:"))
        self.write(one, "relationship.parted")
        for notice in pair.notices:
            if (notice.by, notice.state) == (one.name, "given"):
                self.lapse(notice)
        self.conclude_agreement(pair)
        self.go_on_as(one, wish)

    def _take_effect(self, pair: Pair, notice: Notice) -> None:
        one = self.people[notice.by]
        if not self._goes_on_without(pair, one):
            return super()._take_effect(pair, notice)
        notice.state, notice.settled_at = "done", self.now
        return self._part(pair, one)

    # Evaluations: of whoever leaves at her own end, of the others at the end of all

    def _ask_for_evaluations(self, pair: Pair) -> None:
        """Those who were in it to the end are asked once; who had left before is not, even where she comes back later."""
        if not pair.is_party:
            return super()._ask_for_evaluations(pair)
        if not pair.terms.asks_evaluation:
            return None
        for name, parted in pair.out.items():
            if name not in pair.evaluations and self._is_fresh(self.people[name], parted):
                self._ask_her(pair, self.people[name])
        of_now = [asked for name, asked in pair.evaluations.items() if name not in pair.out]
        if any(self._is_of_now(pair, asked) for asked in of_now):
            return None
        for one in pair.both:
            if one.name not in pair.evaluations and self._is_at_the_end_of_all(pair, one):
                self._ask_her(pair, one)
        return None

    def _ask_her(self, pair: Pair, one: Person) -> None:
        remind_on = self.today + timedelta(days=pair.terms.remind_days)
        pair.evaluations[one.name] = Evaluation(self.now, remind_on)
        self.write(one, "evaluation.asked")

    def _is_at_the_end_of_all(self, pair: Pair, one: Person) -> bool:
        if pair.ended_at:
            return self._is_fresh(one, pair.ended_at)
        return one.status != LEFT and timedelta(0) <= self.today - pair.ends_on <= ASK_BACK

    def _is_fresh(self, one: Person, over: datetime) -> bool:
        if over == NEVER_IN or self.instant - moment(over, self.zone) > ASK_BACK:
            return False
        return one.status != LEFT or bool(one.left_at and one.left_at >= over)

    def _ask_no_more(self, pair: Pair) -> None:
        """The last week of a notice is for the evaluation of a pair; here each has hers when she has left."""
        if not pair.is_party:
            super()._ask_no_more(pair)
