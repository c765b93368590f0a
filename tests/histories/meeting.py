"""From the approval to two answers after the first meeting, by the model."""

from datetime import date, datetime, time, timedelta

from tests.histories.model import COORDINATOR, LEFT, LIVE, TOGETHER, Pair, Person, Refused, World
from tests.histories.script import Step, working_days_later

MEET, GO_ON = "meet", "go_on"
STATE_OF = {MEET: "open", GO_ON: "meeting"}
OF_A_PROPOSAL = ("date", "silent", "unanswered", "call", "call_again")


class Proposals(World):
    def key(self, pair: Pair, task: str) -> str:
        return f"{task}:{pair.number}:{pair.sending}"

    def ask_about(self, pair: Pair, task: str, kind: str, due_on: date) -> None:
        self.ask(self.key(pair, task), kind, f"pair {pair.number}", due_on)

    def propose(self, pair: Pair, step: Step) -> None:
        if pair.state != "draft":
            raise Refused("proposal_not_approvable")
        if self.have_tried(pair) or not all(map(self.may_be_matched, pair.both)):
            return  # it stays a draft, and the coordinator is told how many did not go
        pair.sending += 1
        pair.sent_at = self.now
        pair.said, pair.asked_to_go_on = {}, set()
        if pair.terms.releases_at_once:
            self._let_meet(pair, self.in_ten_minutes())
            return
        pair.state = "open"
        days, sending = pair.terms.answer_days, pair.sending
        pair.answer_by = working_days_later(self.today, days)
        # The day on which the silent are asked once more does not count.
        over = working_days_later(pair.answer_by + timedelta(days=1), days)
        if not all(one.member.has_email for one in pair.both):
            self.ask_about(pair, "call", "proposal.unanswered", self.today)
        self.later(self.in_ten_minutes(), lambda: self._first_letters(pair, sending, "open", "proposal.meet"))
        self.later(self.midnight_after(pair.answer_by), lambda: self._remind(pair, sending))
        self.later(self.midnight_after(over), lambda: self._expire(pair, sending))

    def undo(self, pair: Pair, step: Step) -> None:
        if pair.state not in LIVE or self.has_been_told(pair):
            raise Refused("approval_undo_too_late")
        self.settle(*(self.key(pair, task) for task in OF_A_PROPOSAL))
        pair.state, pair.sent_at = "draft", None
        pair.answer_by = pair.meet_by = pair.meeting_on = None

    def withdraw(self, pair: Pair, step: Step) -> None:
        if pair.state not in LIVE:
            raise Refused("proposal_closed")
        self.close(pair, "withdrawn")

    def answer(self, pair: Pair, step: Step) -> None:
        question, is_yes = str(step["to"]), bool(step["yes"])
        if not self.has_been_told(pair):
            raise Refused("not_found")
        self._must_wait_for(pair, question)
        self._take(pair, step.who, question, is_yes)

    def note_answer(self, pair: Pair, step: Step) -> None:
        """The coordinator writes down what she was told; an answer that stands is not hers to change."""
        question = str(step["to"])
        self._must_wait_for(pair, question)
        if (str(step["of"]), question) in pair.said:
            raise Refused("answered_already")
        self._take(pair, str(step["of"]), question, bool(step["yes"]))

    def set_day(self, pair: Pair, step: Step) -> None:
        """The day of the first meeting, said by one of the two or by the coordinator."""
        if step.who and not self.has_been_told(pair):
            raise Refused("not_found")
        self._must_wait_for(pair, GO_ON)
        assert pair.sent_at and pair.meet_by
        on = self.today + timedelta(days=int(str(step["in_days"])))
        latest = pair.meet_by if step.who else pair.meet_by + timedelta(days=366)
        if not pair.sent_at.date() <= on <= latest:
            raise Refused("invalid")
        pair.meeting_on = on
        self.settle(self.key(pair, "date"))
        sending = pair.sending
        self.later(
            self.morning(on + timedelta(days=1)), lambda: self._ask_whether_to_go_on(pair, sending, on)
        )

    def close(self, pair: Pair, state: str) -> None:
        """The same words to both, if they knew of it at all; the coordinator looks for the next."""
        knew = self.has_been_told(pair)
        pair.state = state
        self.settle(*(self.key(pair, task) for task in OF_A_PROPOSAL))
        self.ask_about(pair, "next", "proposal.next", self.today)
        for one in pair.both if knew else ():
            if not (one.status == LEFT and one.left_by_herself):  # she has a letter of her own
                self.write(one, "proposal.closed")

    def go_from(self, pair: Pair, one: Person) -> None:
        """What is open does not go ahead without her."""
        self.close(pair, "withdrawn")

    def confirm(self, pair: Pair) -> None:
        raise NotImplementedError

    def _must_wait_for(self, pair: Pair, question: str) -> None:
        if pair.state != STATE_OF[question]:
            raise Refused("proposal_closed")

    def _take(self, pair: Pair, who: str, question: str, is_yes: bool) -> None:
        pair.said[who, question] = is_yes
        if not is_yes:
            self.remember(pair)
            self.close(pair, "declined")
        elif all((one.name, question) in pair.said for one in pair.both):
            if question == MEET:
                self._let_meet(pair, self.now)
            else:
                self.settle(*(self.key(pair, task) for task in OF_A_PROPOSAL))
                self.confirm(pair)

    def _silent(self, pair: Pair, question: str) -> list[Person]:
        return [one for one in pair.both if (one.name, question) not in pair.said]

    def _first_letters(self, pair: Pair, sending: int, state: str, kind: str) -> None:
        if (pair.state, pair.sending) == (state, sending):
            for one in pair.both:
                self.write(one, kind)

    def _remind(self, pair: Pair, sending: int) -> None:
        if (pair.state, pair.sending) == ("open", sending):
            for one in self._silent(pair, MEET):
                self.write(one, "proposal.remind")

    def _expire(self, pair: Pair, sending: int) -> None:
        if (pair.state, pair.sending) == ("open", sending):
            self.close(pair, "expired")

    def _let_meet(self, pair: Pair, told_at: datetime) -> None:
        """How to reach each other, and two dates, counted from the letter."""
        day, sending = told_at.date(), pair.sending
        pair.state = "meeting"
        pair.meet_by = day + timedelta(days=pair.terms.meet_days)
        set_by = day + timedelta(days=pair.terms.date_days)
        self.ask_about(pair, "date", "proposal.check_up", set_by)
        self.settle(self.key(pair, "call"))
        if not all(one.member.has_email for one in pair.both):
            self.ask_about(pair, "call_again", "proposal.unanswered", day)
        self.later(told_at, lambda: self._first_letters(pair, sending, "meeting", "proposal.contact"))
        self.later(self.morning(set_by), lambda: self._ask_whether_to_go_on(pair, sending, None))
        self.later(datetime.combine(pair.meet_by, time(0)), lambda: self._call(pair, sending))

    def _ask_whether_to_go_on(self, pair: Pair, sending: int, planned: date | None) -> None:
        """
        Each alone, the morning after the meeting; or at the end of the two weeks where no day is known.

        A meeting that was moved to a later day is asked about after that one, and once for each day.
        """
        if (pair.state, pair.sending) != ("meeting", sending) or (planned is None and pair.meeting_on):
            return
        if pair.meeting_on and pair.meeting_on >= self.today:
            return
        for one in self._silent(pair, GO_ON):
            if (one.name, pair.meeting_on) not in pair.asked_to_go_on:
                pair.asked_to_go_on.add((one.name, pair.meeting_on))
                self.write(one, "proposal.go_on")
        if pair.meeting_on:
            due = working_days_later(self.today, pair.terms.answer_days) + timedelta(days=1)
            self.ask_about(pair, "silent", "proposal.unanswered", due)

    def _call(self, pair: Pair, sending: int) -> None:
        """Two months are over and nobody has said how it was: she calls."""
        if (pair.state, pair.sending) == ("meeting", sending):
            self.ask_about(pair, "unanswered", "proposal.unanswered", self.today)

    def leave(self, pair: Pair, step: Step) -> None:
        one = self.people[step.who]
        if one.status == LEFT:
            raise Refused("status_not_reachable")
        self.settle(f"returned:{one.name}:{one.left}")
        one.left += 1
        one.left_by_herself = True
        self.letters.append((self.today, COORDINATOR, "registration.left_told"))
        self.write(one, "registration.left")
        self.ask(f"left:{one.name}:{one.left}", "registration.left", one.name, self.today)
        self.move_to(one, LEFT)

    def move_to(self, one: Person, status: str) -> None:
        """Whoever takes part no more has nothing open any longer; of what runs, the coordinator is asked."""
        one.status = status
        one.left_at = self.now if status == LEFT else None
        if status in (LEFT, "NETWORK PARTICIPANT"):
            for pair in self.pairs:
                if one in pair.both and pair.state in LIVE:
                    self.go_from(pair, one)
                elif one in pair.both and pair.runs:
                    key = f"gone:{pair.number}:{one.name}:{one.left}"
                    self.ask(key, "relationship.left", f"pair {pair.number}", self.today)

    def come_back(self, pair: Pair, step: Step) -> None:
        """Into the pair that still runs, at any time; else to the beginning, where her answers are read anew."""
        one = self.people[step.who]
        if one.status not in (LEFT, "NETWORK PARTICIPANT"):
            raise Refused("status_not_reachable")
        if one.status == LEFT and not one.left_by_herself:
            raise Refused("cannot_return")
        self.settle(f"left:{one.name}:{one.left}")
        running = [pair for pair in self.pairs if pair.runs and one in pair.both]
        for pair in running:
            self.settle(*self.tasks_like(f"gone:{pair.number}:{one.name}:"))
        if running:
            one.status = TOGETHER
            return
        one.status = "REGISTERED"
        self.ask(f"returned:{one.name}:{one.left}", "registration.returned", one.name, self.today)

    def make_ready(self, pair: Pair, step: Step) -> None:
        one = self.people[str(step["of"])]
        if one.status == "READY TO BE MATCHED":
            raise Refused("status_not_reachable")
        self.settle(f"returned:{one.name}:{one.left}")
        one.status = "READY TO BE MATCHED"
