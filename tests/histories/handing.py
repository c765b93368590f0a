"""A case, or all that somebody has in hand, goes to a colleague, by the model (N08): her tasks with it, and who is told."""

from tests.histories.model import COORDINATOR, GONE, LIVE, Deed, Pair, Person, Refused
from tests.histories.script import Step
from tests.histories.workshops import Workshops

COLLEAGUE = "colleague"


class Handing(Workshops):
    """Two coordinators work in the whole organisation; the first does everything, and the other has what she is given."""

    def whose(self, about: str) -> str:
        """A task about a case is its coordinator's, and one about a workshop hers who planned it; the others are everybody's."""
        if about in self.workshops:
            return COORDINATOR
        return next((one.coordinator for one in self.pairs if about == f"pair {one.number}"), "")

    def hand_over(self, pair: Pair, step: Step) -> None:
        """One case, with what is to be done for it."""
        if pair.begun_on is None:
            raise Refused("nothing")
        if not pair.runs or pair.coordinator == step["to"]:
            raise Refused("nobody_to_do")
        self._give([pair], [key for key in self.tasks if self._is_about(key, pair)], str(step["to"]))

    def hand_over_all(self, pair: Pair, step: Step) -> None:
        """What runs, what is open, and all that is to be done."""
        to = str(step["to"])
        from_ = COORDINATOR if to == COLLEAGUE else COLLEAGUE
        cases = [one for one in self.pairs if one.coordinator == from_ and (one.runs or one.state in LIVE)]
        tasks = [key for key, task in self.tasks.items() if task.whose == from_]
        if not cases and not tasks:
            raise Refused("nobody_to_do")
        self._give(cases, tasks, to)

    def _give(self, cases: list[Pair], tasks: list[str], to: str) -> None:
        """Everybody whose coordinator changes is told in one letter, and so is the colleague; ten minutes later."""
        told: dict[str, Pair] = {}
        for pair in cases:
            pair.coordinator = to
            for one in pair.both if pair.runs else ():
                told.setdefault(one.name, pair)
        for key in tasks:
            if self.tasks[key].whose:
                self.tasks[key].whose = to
        for name, pair in told.items():
            self.later(self.in_ten_minutes(), self._who_accompanies(pair, self.people[name], to))
        when = self.in_ten_minutes()
        self.later(when, lambda: self.letters.append((when.date(), COLLEAGUE, "desk.handed_over")))

    def _who_accompanies(self, pair: Pair, one: Person, to: str) -> Deed:
        def go() -> None:
            if pair.runs and pair.coordinator == to and one in pair.both and one.status not in GONE:
                self.write(one, "relationship.coordinator")

        return go

    def _is_about(self, key: str, pair: Pair) -> bool:
        return self.tasks[key].about == f"pair {pair.number}" or key.startswith(f"evaluation:{pair.number}:")
