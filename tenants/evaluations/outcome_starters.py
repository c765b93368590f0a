"""Sets of questions that we bring along: what a mentor network asks its mentees (K77), and a political programme (K79)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infra import language
from infra.language import N_
from tenants.evaluations.outcome_models import IndicatorKind


@dataclass(frozen=True, slots=True)
class Starter:
    code: str
    kind: IndicatorKind
    words: str

    def labels(self) -> dict[str, str]:
        """The question in every language that we speak."""
        found = {}
        for code in language.installed():
            with language.use(code):
                found[code] = language.gettext(self.words)
        return found


_S, _F = IndicatorKind.SCALE, IndicatorKind.FACT

STARTERS: Mapping[str, tuple[Starter, ...]] = MappingProxyType(
    {
        "network": (
            Starter("work", _S, N_("My chances to find work here are good.")),
            Starter("education", _S, N_("I do well in my education.")),
            Starter("completing", _S, N_("I can complete an education.")),
            Starter("society", _S, N_("I know how society works here.")),
            Starter("spoken", _S, N_("I speak the language of this country well.")),
            Starter("belief", _S, N_("I believe in myself.")),
        ),
        "political": (
            Starter("stood", _F, N_("Stood for election")),
            Starter("elected", _F, N_("Was elected")),
        ),
    }
)
