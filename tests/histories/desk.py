"""The coordinator's morning by the model, and all of it together as it is compared with the product."""

from datetime import date, timedelta

from tests.histories.handing import COLLEAGUE, Handing
from tests.histories.model import COORDINATOR, NEVER_IN, Pair, Refused
from tests.histories.script import History, Step, Terms
from tests.histories.workshops import Workshop

OF_MEMBERS = (
    "offer", "move", "agree", "cancel", "say", "note", "answer_three", "give_notice", "take_back_notice", "reply",
    "open_agreement", "fill", "sign", "amend", "drop", "keep",
)  # fmt: skip


class Rules(Handing):
    def __init__(self, zone: str, histories: list[History], workshops: dict[str, Terms]) -> None:
        super().__init__(zone, histories)
        self.terms_of = {one.name: history.terms for history in histories for one in history.members}
        self.workshops = {name: Workshop(name, terms) for name, terms in workshops.items()}
        self.mornings: list[tuple[date, str, int, int]] = []

    def morning_letter(self) -> None:
        """At half past eight: how much is on her desk today, and how much of it is late. Nothing where there is nothing."""
        for who in (COORDINATOR, COLLEAGUE):
            mine = [task for task in self.tasks.values() if task.whose in ("", who)]
            due = [task for task in mine if task.due_on <= self.today]
            if due:
                late = sum(task.due_on < self.today for task in due)
                self.mornings.append((self.today, who, len(due), late))

    def tick(self, pair: Pair, step: Step) -> None:
        """The coordinator ticks the first open task of a kind about this case."""
        keys = sorted(
            (task.due_on, key)
            for key, task in self.tasks.items()
            if task.kind == step["kind"] and task.about == f"pair {pair.number}"
        )
        if not keys:
            raise Refused("nothing")
        if self.tasks[keys[0][1]].whose not in ("", COORDINATOR):
            raise Refused("not_found")  # a colleague's is hers alone
        self.settle(keys[0][1])

    def do(self, about: str, step: Step) -> str | None:
        """Carry out a step; the code with which it is refused, or nothing."""
        of_it: Pair | Workshop = self.workshops.get(about) or next(
            one for one in self.pairs if one.number == about
        )
        try:
            if isinstance(of_it, Pair) and of_it.begun_on and step.deed in OF_MEMBERS:
                self._must_be_in(of_it, step.who)
            getattr(self, step.deed)(of_it, step)
        except Refused as refused:
            return str(refused)
        return None

    def _must_be_in(self, pair: Pair, who: str) -> None:
        """Of a group or circle nobody else finds anything; whoever has left it is told so."""
        if who in pair.out:
            raise Refused("not_found" if pair.out[who] == NEVER_IN else "relationship_part_over")

    def next_day(self) -> date | None:
        """The next day on which something happens by itself."""
        moment = self.next_moment()
        days = [moment.date() if moment else None]
        for pair in self.pairs:
            if pair.begun_on:
                days += self._days_of(pair)
        tomorrow = self.today + timedelta(days=1)
        return min((max(day, tomorrow) for day in days if day), default=None)

    def _days_of(self, pair: Pair) -> list[date | None]:
        assert pair.begun_on
        found: list[date | None] = [asked.remind_on for asked in pair.follow_ups.values()]
        found += [asked.next_on for asked in pair.evaluations.values() if asked.state == "asked"]
        found += [one.review_on for one in self.agreed_of(pair).versions]
        if pair.runs:
            found += [pair.begun_on + timedelta(days=after) for after in pair.terms.check_up_days]
            found += [pair.ends_on, pair.silence.look_on]
            found += [one.ends_on - timedelta(days=7) for one in pair.notices if one.state == "given"]
        return [day for day in found if day and (day > self.today or day == pair.silence.look_on)]

    def standing(self) -> dict[str, object]:
        found: dict[str, object] = {f"status of {one.name}": one.status for one in self.people.values()}
        for pair in self.pairs:
            found[f"proposal {pair.number}"] = (pair.state, pair.answer_by, pair.meet_by, pair.meeting_on)
            if pair.begun_on and pair.is_party:
                found[f"members {pair.number}"] = sorted(one.name for one in pair.both)
            found |= self._case_stands(pair) if pair.begun_on else {}
        for task in self.tasks.values():
            of = f"tasks about {task.about}"
            found[of] = sorted([*found.get(of, []), (task.kind, task.due_on, task.whose)])
        return found | self.workshops_stand() | self.agreements_stand()

    def _case_stands(self, pair: Pair) -> dict[str, object]:
        number = pair.number
        found: dict[str, object] = {
            f"relationship {number}": (
                pair.runs,
                pair.begun_on,
                pair.ends_on,
                pair.check_up_on,
                pair.coordinator,
            )
        }
        for (name, after), asked in pair.follow_ups.items():
            found[f"follow-up {number} {name} {after}"] = (asked.asked_on, asked.replied)
        for name, evaluation in pair.evaluations.items():
            found[f"evaluation {number} {name}"] = (evaluation.state, evaluation.next_on)
        if pair.meetings:
            found[f"meetings {number}"] = [(one.state, one.starts) for one in pair.meetings]
        if pair.notices:
            found[f"notices {number}"] = [(one.ground, one.state, one.ends_on) for one in pair.notices]
        return found
