"""What a profile says to the questions of its form, as fields to change, and which of them were changed."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from infra.http.forms import Form
from infra.language import gettext as _
from tenants.programmes.models import Question, QuestionKind
from tenants.programmes.rules import questions_for
from tenants.registration.forms import RegistrationForm
from tenants.registration.queries import Profile
from web import asking


def questions(form: RegistrationForm, profile: Profile) -> list[Question]:
    """Those of the profile's role; without offices nobody is asked for one."""
    asked = questions_for(form.questions, profile.participation.role)
    return [one for one in asked if not (one.field == "office_id" and not form.offices)]


def plain(profile: Profile, question: Question) -> Any:
    """An answer as a form gives it."""
    value = profile.answers.get(question.key)
    return str(value) if isinstance(value, UUID) else value


def fields(form: RegistrationForm, profile: Profile) -> dict[str, Any]:
    """The whole profile as fields of one form."""
    found: dict[str, Any] = {}
    for question in questions(form, profile):
        found |= asking.values(question, plain(profile, question))
    return found


def changed(filled: Form, form: RegistrationForm, profile: Profile) -> dict[str, Any]:
    """
    The answers that differ from what is known, by question key.

    What was open and stays open is not among them, so that one answer can be
    saved while others are still missing.
    """
    found = {}
    for question in questions(form, profile):
        given, known = asking.given(filled, question), plain(profile, question)
        is_blank = given in ("", [])
        if is_blank and (known in (None, "", []) or _is_gone(form, question, known)):
            continue
        if not _is_same(question, given, known):
            found[question.key] = given
    return found


def newly_asked(form: RegistrationForm, profile: Profile) -> set[str]:
    """The keys of questions without an answer that were not there when she registered."""
    mine = profile.participation
    since = mine.created_at
    # Whoever has registered anew was asked then what stood there then. Days of zones differ by one at most.
    if mine.registered_on > (since + timedelta(days=1)).date():
        since = datetime.combine(mine.registered_on, time.min, tzinfo=UTC)
    return {
        one.key
        for one in questions(form, profile)
        if (one.asked_since or one.created_at) > since and plain(profile, one) in (None, "", [])
    }


def not_kept(filled: Form, form: RegistrationForm) -> str:
    """What is said where an answer came in to what was left out while the page was open; '' where none did."""
    if not any(asking.given(filled, one) not in ("", []) for one in form.left_out):
        return ""
    return _("One question is asked no more; what was written there now is not kept.")


def _is_gone(form: RegistrationForm, question: Question, known: Any) -> bool:
    """An office that has closed cannot be chosen any more, and stays until another one is."""
    return question.field == "office_id" and UUID(known) not in form.office_ids


def _is_same(question: Question, given: Any, known: Any) -> bool:
    if known is None:
        return False
    if question.kind == QuestionKind.LANGUAGES:
        return _levels(given) == _levels(known)
    if question.kind == QuestionKind.TOPICS_WANTED:
        return bool(given == known)  # in their order
    if question.field == "excluded_emails":
        return bool(given == ", ".join(known))
    return sorted(given) == sorted(known) if isinstance(known, list) else given == str(known)


def _levels(spoken: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(str(one["code"]), str(one["level"])) for one in spoken}
