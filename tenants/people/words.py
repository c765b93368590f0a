"""What the codes of this room say."""

from infra.language import N_
from tenants.permissions import Permission, Role

ROLE_NAMES = {
    Role.OWNER: N_("Owner"),
    Role.PROGRAMME_MANAGER: N_("Programme manager"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.FOCAL_POINT: N_("Focal point"),
    Role.MODERATOR: N_("Moderator"),
    Role.EVALUATOR: N_("Evaluator"),
    Role.PARTICIPANT: N_("Participant"),
    Role.IT_CONTACT: N_("IT contact"),
    Role.DATA_PROTECTION: N_("Data protection focal point"),
}

# As one reads them in a list of what a token may do.
PERMISSION_NAMES = {
    Permission.ORGANISATION_CHANGE: N_("Change the organisation and its offices"),
    Permission.ROLES_GRANT: N_("Give and take roles"),
    Permission.TOKENS_MANAGE: N_("Make and end API tokens"),
    Permission.KEYS_RENEW: N_("Ask for a new key for confidential texts"),
    Permission.SIGN_IN_MANAGE: N_("Set up sign-in with the organisation's own accounts"),
    Permission.SCIM_MANAGE: N_("Keep people and groups up to date from a directory (SCIM)"),
    Permission.AUDIT_READ: N_("Read the audit trail"),
    Permission.PROGRAMME_READ: N_("Read programmes"),
    Permission.PROGRAMME_CHANGE: N_("Change programmes"),
    Permission.PEOPLE_READ: N_("Read people"),
    Permission.PEOPLE_CHANGE: N_("Change people"),
    Permission.REGISTRATION_MAKE: N_("Register people"),
    Permission.STATUS_CHANGE: N_("Move people to another status"),
    Permission.IMPORT_ROSTER: N_("Import rosters"),
    Permission.RUN_READ: N_("Read matching runs"),
    Permission.RUN_START: N_("Start matching runs"),
    Permission.PROPOSAL_READ: N_("Read proposals"),
    Permission.PROPOSAL_APPROVE: N_("Approve proposals"),
    Permission.RELATIONSHIP_READ: N_("Read relationships"),
    Permission.RELATIONSHIP_CHANGE: N_("Change relationships"),
    Permission.EVALUATION_READ: N_("Read evaluations"),
    Permission.EVALUATION_CHANGE: N_("Note and close evaluations"),
    Permission.OUTBOX_READ: N_("Read the outbox"),
    Permission.OUTBOX_CHANGE: N_("Change the outbox"),
    Permission.JOBS_READ: N_("Read the state of jobs"),
    Permission.TEMPLATES_EDIT: N_("Change the words of letters"),
    Permission.SUPPORT_LET_IN: N_("Let support in"),
    Permission.NOTES_WRITE: N_("Write records of interviews"),
    Permission.NOTES_DECIDE: N_("Decide who may open a note in an emergency"),
    Permission.PRIVACY_READ: N_("Read what is kept of people, and the proofs of deletions"),
    Permission.PERSON_ERASE: N_("See to people's data rights: copies and deletions"),
    Permission.OPPORTUNITIES_KEEP: N_("Keep the board of opportunities"),
    Permission.NETWORKS_KEEP: N_("Keep sub-networks"),
    Permission.NEWSLETTERS_SEND: N_("Write and send newsletters"),
    Permission.OWN_CASE: N_("Act in one's own case"),
}

SENTENCES = {
    "person_known": N_("Somebody with this e-mail address is here already."),
    "last_owner": N_("An organisation needs an owner. Make somebody else an owner first."),
    "email_unusable": N_("Write an e-mail address such as name@example.org."),
    "phone_unusable": N_("Write a telephone number in digits, with + and the country code if you can."),
    "language_unknown": N_("We do not speak this language yet."),
    "role_has_no_office": N_("This role is for the whole organisation. Leave the office empty."),
}
