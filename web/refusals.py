"""Why something could not be done, as a sentence for the next page rather than a page of its own."""

from infra.errors import HouseError
from infra.http.sentences import DETAILS
from infra.language import gettext as _
from tenants import sentences


def said(error: HouseError) -> str:
    known = sentences.every().get(error.code)
    return _(known, **error.facts) if known else _(DETAILS[409])
