"""
Questions of a registration form on a page, and what was filled in on the way back.

The same for the participant's form, one question a page, and for the
coordinator's, all on one. Names of fields begin with the question's key, since
some questions have several: a level for each language, a choice for each rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from infra import language
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.programmes.models import Question, QuestionKind
from tenants.programmes.rules import text_in
from tenants.registration import forms, telling
from tenants.registration.answers import LEVELS
from tenants.registration.forms import RegistrationForm, Step
from tenants.registration.words import LEVEL_NAMES, ROLE_NAMES
from web.zones import ZONES

RANKS = 5
# Asked one by one with a level each; any other is chosen from the list below them.
USUAL = ("ar", "zh", "en", "fr", "ru", "es", "da", "pt", "de")
OTHERS = (
    "sq", "am", "hy", "az", "be", "bn", "bs", "bg", "my", "km", "hr", "cs", "prs", "nl", "et", "fa", "fi", "ff",
    "ka", "el", "gu", "ht", "ha", "he", "hi", "hu", "is", "ig", "id", "it", "ja", "kk", "rw", "rn", "ky", "ko", "ku",
    "lo", "lv", "ln", "lt", "mk", "mg", "ms", "mn", "ne", "no", "om", "ps", "pl", "pa", "qu", "ro", "sr", "sn", "si",
    "sk", "sl", "so", "sw", "sv", "tl", "tg", "ta", "th", "ti", "tr", "tk", "uk", "ur", "uz", "vi", "wo", "xh", "yo", "zu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as a template needs it. `options` are pairs of value and label in the reader's language."""

    key: str
    kind: str
    label: str
    hint: str
    is_obligatory: bool
    options: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    levels: list[tuple[int, str]] = field(default_factory=list)
    ranks: list[tuple[int, str]] = field(default_factory=list)
    autocomplete: str = ""
    inputmode: str = ""
    type: str = "text"


def step(form: RegistrationForm, one: Step, known: Any = None) -> Shown:
    """A page of the form: role, address and name are questions like any other."""
    if one.question is not None:
        made = shown(form, one.question, known)
        # All topics five times over would weigh more than a page may; so boxes first, then the order of those chosen.
        return replace(made, kind="choices") if made.kind == QuestionKind.TOPICS_WANTED else made
    label = telling.step_label(form, one)
    if one.key == forms.ROLE:
        roles = [(role, _(ROLE_NAMES[role])) for role in forms.sides(form.programme)]
        hint = _("You may be both: register once for each.")
        return Shown(one.key, "choice", label, hint, True, options=roles)
    if one.key == forms.EMAIL:
        hint = _(
            "We send a link to confirm your registration, and your way back if you stop half way. Nobody else gets it."
        )
        return Shown(one.key, "text", label, hint, True, autocomplete="email", type="email")
    return Shown(one.key, "text", label, _("As you want to be called."), True, autocomplete="name")


def ranking(form: RegistrationForm, question: Question, chosen: Sequence[str]) -> Shown:
    """The page that asks for the order of the topics that were chosen on the page before."""
    made = shown(form, question, chosen)
    return replace(
        made,
        label=_("Which matters most to you?"),
        hint=_("The first counts most when we look for a mentor."),
        options=[(code, words) for code, words in made.options if code in chosen],
        ranks=made.ranks[: len(chosen)],
    )


def shown(form: RegistrationForm, question: Question, known: Any = None) -> Shown:
    """With the answers that are offered, and those that she has chosen already: `known`."""
    chain = form.programme.languages
    made: dict[str, Any] = {
        "key": question.key,
        "kind": str(question.kind),
        "label": _said(question.label, chain),
        "hint": _said(question.hint, chain),
        "is_obligatory": question.is_obligatory,
    }
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.CHOICES:
            made["options"] = _options(form, question, known)
        case QuestionKind.TOPICS_OFFERED | QuestionKind.TOPICS_WANTED:
            made["options"] = [
                (topic.code, _said(topic.label, chain))
                for topic in form.topics
                if topic.is_offered or topic.code in (known or ())
            ]
            made["ranks"] = _ranks()
        case QuestionKind.TIME_ZONE:
            made["options"] = _by_name((zone, language.city(zone)) for zone in ZONES)
        case QuestionKind.LANGUAGES:
            made["options"] = [(code, language.language_name(code)) for code in USUAL]
            made["others"] = _by_name((code, language.language_name(code)) for code in OTHERS)
            made["levels"] = [(level, _(LEVEL_NAMES[level])) for level in LEVELS]
        case QuestionKind.NUMBER:
            made["inputmode"] = "numeric"
    if question.field == "phone":
        made |= {"autocomplete": "tel", "inputmode": "tel"}
    if question.key == "mobile":
        made |= {"autocomplete": "tel", "inputmode": "tel"}
    if question.key == "address":
        made |= {"autocomplete": "street-address"}
    if question.field == "supervisor_email":
        made |= {"inputmode": "email"}
    return Shown(**made)


def _said(texts: Mapping[str, str], chain: Sequence[str]) -> str:
    """A text in the reader's language; one that falls back to another keeps its own direction."""
    spoken = language.current()
    return texts.get(spoken) or language.isolated(text_in(texts, spoken, chain))


def _options(form: RegistrationForm, question: Question, known: Any) -> list[tuple[str, str]]:
    if question.field == "office_id":
        return [(str(office.id), office.name) for office in form.offices]
    chain = form.programme.languages
    kept = known if isinstance(known, list) else [known]
    return [
        (one["value"], _said(one["label"], chain))
        for one in question.options
        if not one.get("is_retired") or one["value"] in kept
    ]


def _ranks() -> list[tuple[int, str]]:
    return [
        (1, _("The most important")),
        (2, _("The second")),
        (3, _("The third")),
        (4, _("The fourth")),
        (5, _("The fifth")),
    ]


def _by_name(pairs: Any) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: str(pair[1]))


def gone(is_gone: bool) -> str:
    """What is said to somebody who answers what was left out while she had the page open."""
    return _("This question is asked no more. Everything else that you wrote is kept.") if is_gone else ""


def given(filled: Form, question: Question) -> Any:
    """What was filled in for a question, as `tenants.registration.answers` reads it."""
    key = question.key
    match question.kind:
        case QuestionKind.CHOICES | QuestionKind.TOPICS_OFFERED:
            return [one for one in filled.texts(key) if one]
        case QuestionKind.TOPICS_WANTED:
            ranked = [filled.text(f"{key}-{rank}") for rank in range(1, RANKS + 1)]
            return list(dict.fromkeys(one for one in (*ranked, *filled.texts(key)) if one))
        case QuestionKind.LANGUAGES:
            told = [(code, filled.text(f"{key}-{code}")) for code in USUAL]
            told.append((filled.text(f"{key}-other"), filled.text(f"{key}-other-level") or "2"))
            return [{"code": code, "level": level} for code, level in told if code and level]
        case _:
            return filled.text(key)


def in_order(given: list[str], before: list[str], *, is_ranked: bool) -> list[str]:
    """Ranking orders what was chosen and drops nothing; choosing anew keeps the order of what stays."""
    if is_ranked:
        return [*given, *(code for code in before if code not in given)]
    return sorted(given, key=lambda code: before.index(code) if code in before else len(before))


def values(question: Question, answer: Any) -> dict[str, Any]:
    """A kept answer as the fields of its question, to fill the form with."""
    key = question.key
    if answer is None:
        return {}
    match question.kind:
        case QuestionKind.TOPICS_WANTED:
            return {key: answer} | {f"{key}-{rank}": code for rank, code in enumerate(answer, 1)}
        case QuestionKind.LANGUAGES:
            return _language_values(key, answer)
        case _ if question.field == "excluded_emails":
            return {key: ", ".join(answer)}
        case _:
            return {key: answer}


def _language_values(key: str, answer: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in answer:
        if one["code"] in USUAL:
            found[f"{key}-{one['code']}"] = one["level"]
        else:
            found[f"{key}-other"], found[f"{key}-other-level"] = one["code"], one["level"]
    return found
