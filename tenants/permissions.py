"""
What each role may do: the one table that every door and every action asks.

A person may hold several roles, each for the whole organisation or for one
office. A permission that a role has for one office counts in the actions of
that office only (see `Actor.require`).
"""

from enum import StrEnum


class Permission(StrEnum):
    ORGANISATION_CHANGE = "organisation.change"
    ROLES_GRANT = "roles.grant"
    TOKENS_MANAGE = "tokens.manage"
    SIGN_IN_MANAGE = "sign_in.manage"
    SCIM_MANAGE = "scim.manage"
    KEYS_RENEW = "keys.renew"
    AUDIT_READ = "audit.read"
    PROGRAMME_READ = "programme.read"
    PROGRAMME_CHANGE = "programme.change"
    PEOPLE_READ = "people.read"
    PEOPLE_CHANGE = "people.change"
    REGISTRATION_MAKE = "registration.make"
    STATUS_CHANGE = "status.change"
    IMPORT_ROSTER = "roster.import"
    RUN_READ = "run.read"
    RUN_START = "run.start"
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_APPROVE = "proposal.approve"
    RELATIONSHIP_READ = "relationship.read"
    RELATIONSHIP_CHANGE = "relationship.change"
    EVALUATION_READ = "evaluation.read"
    EVALUATION_CHANGE = "evaluation.change"
    OUTBOX_READ = "outbox.read"
    OUTBOX_CHANGE = "outbox.change"
    JOBS_READ = "jobs.read"
    TEMPLATES_EDIT = "templates.edit"
    SUPPORT_LET_IN = "support.let_in"  # onto the account of anybody here; onto her own, everybody may
    NOTES_WRITE = (
        "notes.write"  # records of interviews: one's own, and those of others that one was given to read
    )
    NOTES_DECIDE = "notes.decide"  # whether somebody may open a note in an emergency; never what is in it
    PRIVACY_READ = (
        "privacy.read"  # what is kept of people and for what, and the proofs of deletions; nobody's data
    )
    PERSON_ERASE = (
        "person.erase"  # see to the data rights of those one works with: a copy for them, their deletion
    )
    OPPORTUNITIES_KEEP = "opportunities.keep"
    NETWORKS_KEEP = "networks.keep"
    NEWSLETTERS_SEND = "newsletters.send"
    OWN_CASE = "own.case"  # one's own proposals, pair, settings


class Role(StrEnum):
    OWNER = "owner"
    PROGRAMME_MANAGER = "programme_manager"
    COORDINATOR = "coordinator"
    FOCAL_POINT = "focal_point"
    MODERATOR = "moderator"
    EVALUATOR = "evaluator"
    PARTICIPANT = "participant"
    IT_CONTACT = "it_contact"
    DATA_PROTECTION = "data_protection"


_P = Permission
_COORDINATOR = frozenset(
    {
        _P.PROGRAMME_READ,
        _P.PEOPLE_READ,
        _P.PEOPLE_CHANGE,
        _P.REGISTRATION_MAKE,
        _P.STATUS_CHANGE,
        _P.IMPORT_ROSTER,
        _P.RUN_READ,
        _P.RUN_START,
        _P.PROPOSAL_READ,
        _P.PROPOSAL_APPROVE,
        _P.RELATIONSHIP_READ,
        _P.RELATIONSHIP_CHANGE,
        _P.EVALUATION_READ,
        _P.EVALUATION_CHANGE,
        _P.OUTBOX_READ,
        _P.OUTBOX_CHANGE,
        _P.JOBS_READ,
        _P.NOTES_WRITE,
        _P.PERSON_ERASE,
        _P.OPPORTUNITIES_KEEP,
        _P.NETWORKS_KEEP,
        _P.NEWSLETTERS_SEND,
        _P.OWN_CASE,
    }
)
# An owner owns the organisation, not its cases: she does not read who said what (see docs/capabilities/people.md).
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        {
            _P.ORGANISATION_CHANGE,
            _P.ROLES_GRANT,
            _P.TOKENS_MANAGE,
            _P.SIGN_IN_MANAGE,
            _P.SCIM_MANAGE,
            _P.KEYS_RENEW,
            _P.SUPPORT_LET_IN,
            _P.AUDIT_READ,
            _P.PROGRAMME_READ,
            _P.PROGRAMME_CHANGE,
            _P.JOBS_READ,
            _P.TEMPLATES_EDIT,
            _P.NOTES_DECIDE,
            _P.PRIVACY_READ,
            _P.OWN_CASE,
        }
    ),
    Role.PROGRAMME_MANAGER: _COORDINATOR | {_P.PROGRAMME_CHANGE, _P.TEMPLATES_EDIT, _P.NOTES_DECIDE},
    Role.COORDINATOR: _COORDINATOR,
    Role.FOCAL_POINT: frozenset({_P.PROGRAMME_READ, _P.OWN_CASE}),
    Role.MODERATOR: frozenset({_P.OWN_CASE}),
    Role.EVALUATOR: frozenset({_P.PROGRAMME_READ, _P.OWN_CASE}),
    Role.PARTICIPANT: frozenset({_P.OWN_CASE}),
    Role.IT_CONTACT: frozenset(
        {_P.TOKENS_MANAGE, _P.SIGN_IN_MANAGE, _P.SCIM_MANAGE, _P.JOBS_READ, _P.OWN_CASE}
    ),
    Role.DATA_PROTECTION: frozenset({_P.AUDIT_READ, _P.NOTES_DECIDE, _P.PRIVACY_READ, _P.OWN_CASE}),
}

# What support may do in somebody's place, if she may. Not here, and so never: what is hers alone to say (her own case),
# who is here, where they are reached and what they agree to, roles, tokens, ways of signing in, notes, letters (one of
# them tells of the visit), letting in more support, the audit trail, and whatever permission is new.
SUPPORT = frozenset(
    {
        _P.ORGANISATION_CHANGE,
        _P.PROGRAMME_READ,
        _P.PROGRAMME_CHANGE,
        _P.PEOPLE_READ,
        _P.STATUS_CHANGE,
        _P.RUN_READ,
        _P.RUN_START,
        _P.PROPOSAL_READ,
        _P.PROPOSAL_APPROVE,
        _P.RELATIONSHIP_READ,
        _P.RELATIONSHIP_CHANGE,
        _P.OUTBOX_READ,
        _P.JOBS_READ,
    }
)


def of(roles: frozenset[Role]) -> frozenset[Permission]:
    """All that these roles may do together."""
    return frozenset[Permission]().union(*(ROLE_PERMISSIONS[role] for role in roles))
