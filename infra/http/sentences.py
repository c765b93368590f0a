"""What a status and a fault of form are called. Sentences of domain codes belong to the doors."""

from infra.language import N_

TITLES = {
    400: N_("We could not read this request"),
    401: N_("Please sign in"),
    403: N_("This is not open to you"),
    404: N_("There is nothing here"),
    405: N_("This address does not take that method"),
    408: N_("The rest of it did not reach us"),
    409: N_("This cannot be done now"),
    413: N_("This is too large"),
    415: N_("We do not read this kind of content"),
    422: N_("Something needs to be put right"),
    429: N_("That was a little too often"),
    500: N_("Something went wrong on our side"),
    503: N_("We cannot do this right now"),
}

DETAILS = {
    400: N_("The request is not in a form that we can read. Please check it and send it again."),
    401: N_("Sign in, or send a valid token, and try again."),
    403: N_("You do not have the permission that this needs."),
    404: N_("It may have been removed, or it may be something that only others can see."),
    405: N_("The Allow header lists the methods that you can use here."),
    408: N_("The connection was too slow, or broke off. Nothing was changed; please send it again."),
    409: N_("The state of things has changed since you last looked. Load it again and decide anew."),
    413: N_("What you sent is larger than we accept here."),
    415: N_("Send the content in one of the forms that the description of this address names."),
    422: N_("Please look at the fields named below, and send it again."),
    429: N_("Please wait a moment, and then try again."),
    500: N_("We have noted what happened. Please look whether your change was saved before you try again."),
    503: N_("A server that we need does not answer. Please try again in a moment."),
}

FIELD_SENTENCES = {
    "missing": N_("This is needed."),
    "unknown_field": N_("We do not know this field."),
    "wrong_type": N_("This should be of the type %(expected)s, and is %(found)s."),
    "too_short": N_("This should have at least %(minimum)s characters or entries."),
    "too_long": N_("This should have at most %(maximum)s characters or entries."),
    "too_small": N_("This should be %(minimum)s or more."),
    "too_large": N_("This should be %(maximum)s or less."),
    "not_a_choice": N_("This is not one of the choices."),
    "bad_format": N_("This is not written in the form that we can read."),
    "bad_cursor": N_("This cursor was not made by us, or not for this list. Start again without one."),
    "unusable": N_("We cannot use this value."),
    "limit_reached": N_("Please wait a moment, and then try again."),
    "key_in_use": N_("The first request with this Idempotency-Key is still running, or was cut off."),
    "key_reused": N_("This Idempotency-Key was used for another request. Make a new key for a new request."),
    "key_malformed": N_("An Idempotency-Key has 1 to 255 visible ASCII characters."),
    "form_not_ours": N_("This form has grown old, or did not come from our page. Load the page again and send it once more."),
    "upload_too_large": N_("The file is larger than %(max_bytes)s bytes, which is the most that we take here."),
    "upload_wrong_kind": N_("The file is not of a kind that we can read here."),
    "upload_missing": N_("Please choose a file."),
}  # fmt: skip
