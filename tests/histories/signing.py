"""Agreements by the model: filled in, signed by each, changed as a new version, looked at again (K37, K49, K52, K54)."""

from dataclasses import dataclass, field
from datetime import date

from tests.histories.model import GONE, Pair, Person, Refused
from tests.histories.notices import Notices
from tests.histories.script import History, Step, months_later

Words = tuple[
    int, int, str, bool
]  # the programme's text, the version, what is filled in: the words of a signature


@dataclass(frozen=True)
class Page:
    """What she has before her."""

    words: Words
    number: int
    revision: int


@dataclass
class Version:
    number: int
    words: tuple[str, bool]  # how often they are in touch; whether it is said what it is for
    revision: int = 0
    state: str = "draft"
    signed: dict[str, Words] = field(default_factory=dict)
    review_on: date | None = None
    told_to_sign: set[tuple[str, int]] = field(default_factory=set)  # once for what stands


@dataclass
class Agreed:
    """What a case agrees on, and what each of its people has before her."""

    versions: list[Version] = field(default_factory=list)
    before_her: dict[str, Page] = field(default_factory=dict)
    is_asked_to_review: str = ""  # the key of the task

    def of_state(self, state: str) -> Version | None:
        return next((one for one in self.versions if one.state == state), None)

    @property
    def stands(self) -> Version | None:
        """What is being written, or else what is in force."""
        return self.of_state("draft") or self.of_state("in_force")


class Signing(Notices):
    def __init__(self, zone: str, histories: list[History]) -> None:
        super().__init__(zone, histories)
        self.texts: dict[str, int] = {}  # of each programme: how often its own copy was changed
        self.agreed: dict[str, Agreed] = {}

    def change_text(self, pair: Pair, step: Step) -> None:
        """A programme manager changes the programme's copy: it holds for whoever signs from then on."""
        self.texts[pair.terms.name] = self.texts.get(pair.terms.name, 0) + 1

    # What the people of a case do

    def open_agreement(self, pair: Pair, step: Step) -> None:
        """She opens the page, and leaves it open until she does something with it."""
        self._agreement(pair, step.who).before_her[step.who] = self._page(pair, step.who)

    def fill(self, pair: Pair, step: Step) -> None:
        """Any of them writes; whoever has signed already has signed something else, and is told."""
        agreed = self._agreement(pair, step.who)
        self._must_run(pair)
        found, now = agreed.stands, self._page(pair, step.who)
        seen = agreed.before_her.pop(step.who, now)
        if found and found.state == "in_force":
            raise Refused("agreement_closed")
        if (seen.number, seen.revision) != (now.number, now.revision):
            raise Refused("agreement_changed_meanwhile")
        if found is None:
            found = Version(1, ("", False))
            agreed.versions.append(found)
        words = (str(step["often"]), bool(step["is_said"]))
        if words != found.words:
            self._change(pair, found, words, step.who)

    def _change(self, pair: Pair, found: Version, words: tuple[str, bool], who: str) -> None:
        found.words, found.revision = words, found.revision + 1
        for name in found.signed:
            if name != who:
                self._tell_of_it(pair, self.people[name], "agreement.changed")
        found.signed.clear()

    def sign(self, pair: Pair, step: Step) -> None:
        """What she has before her has to be what stands there."""
        agreed = self._agreement(pair, step.who)
        self._must_run(pair)
        found, now = agreed.stands, self._page(pair, step.who)
        seen = agreed.before_her.pop(step.who, now)
        if found and found.signed.get(step.who) == seen.words:
            return  # a second click
        if found is None or found.state != "draft":
            raise Refused("agreement_closed")
        if not found.words[1]:
            raise Refused("agreement_unfinished")
        if seen.words != now.words:
            raise Refused("agreement_outdated")
        found.signed[step.who] = now.words
        self.conclude_agreement(pair)
        for one in pair.both if found.state == "draft" else ():
            if one.name not in found.signed and (one.name, found.revision) not in found.told_to_sign:
                found.told_to_sign.add((one.name, found.revision))
                self._tell_of_it(pair, one, "agreement.to_sign")

    def conclude_agreement(self, pair: Pair) -> None:
        """In force once all have signed who are in it; the one before it has held until then."""
        agreed = self.agreed_of(pair)
        found = agreed.of_state("draft")
        if not found or any(one.name not in found.signed for one in pair.both):
            return
        before = agreed.of_state("in_force")
        if before:
            before.state, before.review_on = "replaced", None
        found.state = "in_force"
        found.review_on = months_later(self.today, pair.terms.review_months)
        for one in pair.both:
            self._tell_of_it(pair, one, "agreement.signed")
        self.settle(f"copy:{pair.number}", agreed.is_asked_to_review)
        key = f"agreement:{pair.number}:{found.number}"
        kind = "agreement.amended" if before else "agreement.signed"
        self.ask(key, kind, f"pair {pair.number}", self.today)

    def _tell_of_it(self, pair: Pair, one: Person, kind: str) -> None:
        if one in pair.both and one.status not in GONE:
            self.write(one, kind)

    def amend(self, pair: Pair, step: Step) -> None:
        """A new version with the words of the one in force, which holds until all have signed it."""
        agreed = self._agreement(pair, step.who)
        self._must_run(pair)
        found = agreed.of_state("in_force")
        if found is None or agreed.of_state("draft"):
            raise Refused("agreement_closed")
        agreed.versions.append(Version(len(agreed.versions) + 1, found.words))

    def drop(self, pair: Pair, step: Step) -> None:
        agreed = self._agreement(pair, step.who)
        self._must_run(pair)
        found = agreed.of_state("draft")
        if found is None or agreed.of_state("in_force") is None:
            raise Refused("agreement_closed")
        found.state = "dropped"

    def keep(self, pair: Pair, step: Step) -> None:
        """They have looked at it together, and keep it for another while; whoever writes a new one does not keep it."""
        agreed = self._agreement(pair, step.who)
        self._must_run(pair)
        found = agreed.of_state("in_force")
        if found is None or agreed.of_state("draft"):
            raise Refused("agreement_closed")
        found.review_on = months_later(self.today, pair.terms.review_months)
        self.settle(agreed.is_asked_to_review)

    # What the house does

    def sweep(self) -> None:
        super().sweep()
        for pair in self.pairs:
            found = self.agreed_of(pair).of_state("in_force")
            if pair.runs and found and found.review_on and found.review_on <= self.today:
                self._ask_to_review(pair, found)

    def _ask_to_review(self, pair: Pair, found: Version) -> None:
        """Once for each while."""
        found.review_on = None
        for one in pair.both:
            self._tell_of_it(pair, one, "agreement.review")
        agreed = self.agreed_of(pair)
        agreed.is_asked_to_review = f"review:{pair.number}:{self.today}"
        self.ask(agreed.is_asked_to_review, "agreement.review", f"pair {pair.number}", self.today)

    def close_case(self, pair: Pair, *wishes: str) -> None:
        """Nobody is asked any more; what was signed stays to be read."""
        agreed = self.agreed_of(pair)
        for one in agreed.versions:
            one.review_on = None
        self.settle(agreed.is_asked_to_review)
        super().close_case(pair, *wishes)

    # What is there

    def agreed_of(self, pair: Pair) -> Agreed:
        return self.agreed.setdefault(pair.number, Agreed())

    def _agreement(self, pair: Pair, who: str) -> Agreed:
        if pair.begun_on is None:
            raise Refused("nothing")
        if self.people[who] not in pair.both:
            raise Refused("not_found")
        return self.agreed_of(pair)

    def _page(self, pair: Pair, who: str) -> Page:
        """The words that she would sign now, or has signed where it is in force."""
        found = self.agreed_of(pair).stands or Version(0, ("", False))
        words = (self.texts.get(pair.terms.name, 0), found.number, *found.words)
        if found.state == "in_force":
            words = found.signed.get(who, words)
        return Page(words, found.number, found.revision)

    def agreements_stand(self) -> dict[str, object]:
        return {
            f"agreement {number} {one.number}": (one.state, one.words, sorted(one.signed), one.review_on)
            for number, agreed in self.agreed.items()
            for one in agreed.versions
        }
