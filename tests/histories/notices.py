"""Notice by the model: a month, a day or at once; taken back, done, or overtaken by another end (K53)."""

from datetime import datetime, time, timedelta

from tests.histories.model import Notice, Pair, Refused
from tests.histories.rhythm import Rhythm
from tests.histories.script import Step, months_later

MONTH, BREACH, CONFIDENCE = "month", "breach", "confidence"


class Notices(Rhythm):
    def give_notice(self, pair: Pair, step: Step) -> None:
        """The coordinator is told the ground at once; the other one the day, unless it ends now."""
        self._must_run(pair)
        if self._given(pair, step.who):
            raise Refused("notice_given")
        ground = str(step["ground"])
        ends_on = {
            MONTH: months_later(self.today, 1),
            BREACH: self.today + timedelta(days=1),
            CONFIDENCE: self.today,
        }[ground]
        notice = Notice(step.who, ground, ends_on, f"notice:{pair.number}:{len(pair.notices)}")
        pair.notices.append(notice)
        kind = "notice.given" if ground == MONTH else f"notice.{ground}"
        self.ask(notice.key, kind, f"pair {pair.number}", self.today)
        if ends_on <= self.today:
            self._take_effect(pair, notice)
        else:
            self.tell_others(pair, step.who, "notice.given")
            self.look_later(datetime.combine(ends_on, time(0)))

    def take_back_notice(self, pair: Pair, step: Step) -> None:
        self._must_run(pair)
        notice = self._given(pair, step.who)
        if notice is None:
            raise Refused("notice_closed")
        notice.state, notice.settled_at = "taken_back", self.now
        self.settle(notice.key)
        self.tell_others(pair, step.who, "notice.taken_back")

    def tell_others(self, pair: Pair, who: str, kind: str) -> None:
        for one in pair.others(who):
            self.write(one, kind)

    def look(self) -> None:
        """At the beginning of its day a notice takes effect."""
        for pair in self.pairs:
            for notice in pair.notices:
                if notice.state == "given" and notice.ends_on <= self.today:
                    self._take_effect(pair, notice)
        super().look()

    def _take_effect(self, pair: Pair, notice: Notice) -> None:
        notice.state, notice.settled_at = "done", self.now
        self.close_case(pair)

    def close_case(self, pair: Pair, *wishes: str) -> None:
        """Notices of a case that ends otherwise lapse: nothing is to happen on their day any more."""
        super().close_case(pair, *wishes)
        for notice in pair.notices:
            if notice.state == "given":
                self.lapse(notice)

    def lapse(self, notice: Notice) -> None:
        notice.state, notice.settled_at = "lapsed", self.now
        if notice.ground == MONTH:
            self.settle(notice.key)

    def _given(self, pair: Pair, who: str) -> Notice | None:
        return next((one for one in pair.notices if (one.by, one.state) == (who, "given")), None)
