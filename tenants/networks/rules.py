"""What a sub-network may be called, and who may still come in."""

from collections.abc import Mapping, Sequence

from infra.errors import Conflict, Invalid, LimitReached, Problem, WrongState

MAX_NAME = 80
MAX_WORDS = 600
MOST = 200  # sub-networks of an organisation: more than anybody would look through


class NetworkClosed(WrongState):
    code = "network_closed"


class NetworkChanged(Conflict):
    code = "network_changed"


class TooManyNetworks(LimitReached):
    code = "networks_too_many"


def texts(field: str, given: Mapping[str, str], languages: Sequence[str], most: int) -> dict[str, str]:
    """
    What was written, by language.

    Raises:
        Invalid: a text is too long, or in a language that is not spoken here.
    """
    told = {code: " ".join(text.split()) for code, text in given.items()}
    problems = [
        Problem(f"{field}_{code}", "too_long", {"maximum": most})
        for code, text in told.items()
        if len(text) > most
    ]
    problems += [Problem(field, "not_a_choice", {"found": code}) for code in told if code not in languages]
    if problems:
        raise Invalid(*problems)
    return {code: text for code, text in told.items() if text}


def must_have_name(name: Mapping[str, str], languages: Sequence[str]) -> None:
    """
    Raises:
        Invalid: it is called nothing in any language.
    """
    if not name:
        raise Invalid(Problem(f"name_{languages[0]}", "missing"))
