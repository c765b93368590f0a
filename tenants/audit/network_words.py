"""The events of what the people of a network share, in words."""

from collections.abc import Mapping

from infra.language import N_

EVENTS: Mapping[str, str] = {
    "opportunity.proposed": N_("An opportunity was proposed"),
    "opportunity.published": N_("An opportunity was published"),
    "opportunity.changed": N_("An opportunity was changed"),
    "opportunity.declined": N_("An opportunity was declined"),
    "opportunity.closed": N_("An opportunity was closed"),
    "opportunity.withdrawn": N_("An opportunity was withdrawn"),
    "opportunity.interested": N_("Somebody is interested in an opportunity"),
    "opportunity.not_interested": N_("Somebody is no longer interested in an opportunity"),
    "opportunity.passed_on": N_("An opportunity was passed on to a partner"),
}
