"""Other things than the greatest total to want from a matching, each with its proof or its price."""

from matcher.modes.proving import violations
from matcher.modes.results import ModeResult, Proof
from matcher.modes.running import MODES, PEOPLE, SCORE, STABLE, WORST_OFF, Mode, run_mode
from matcher.modes.stages import loss

__all__ = [
    "MODES",
    "PEOPLE",
    "SCORE",
    "STABLE",
    "WORST_OFF",
    "Mode",
    "ModeResult",
    "Proof",
    "loss",
    "run_mode",
    "violations",
]
