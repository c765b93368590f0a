"""What the codes of this room say."""

from infra.language import N_

SENTENCES = {
    "directory_user_known": N_("The directory has told of somebody with this user name already."),
    "directory_address_taken": N_("Somebody else here has this e-mail address."),
    "directory_group_known": N_("There is a group with this name, or for this role, already."),
    "directory_member_unknown": N_("A member of this group is nobody whom the directory has told of."),
    "directory_stale": N_("This has changed in the meantime. Read it again first."),
    "directory_too_many": N_("There are too many entries for this filter. Ask by userName or externalId."),
}
