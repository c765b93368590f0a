"""What this room's codes say, and the names of what stands in a note."""

from infra.language import N_
from tenants.interviews.models import Purpose

SENTENCES = {
    "note_closed": N_("You cannot read this note. Ask the person who wrote it."),
    "note_destroyed": N_("This note has been destroyed. Nobody can read it any more."),
    "note_empty": N_("Nothing has been written here yet."),
    "note_still_draft": N_("This note is not sealed yet. Only the person who writes it can read it."),
    "note_changed_elsewhere": N_(
        "This note was saved in another window meanwhile. What you wrote stands below; if you save it now, it replaces the other."
    ),
    "note_last_day": N_("Choose a day from tomorrow on, within three years."),
    "note_reader": N_("Choose somebody who may read notes here."),
    "note_purpose": N_("Choose what it is for."),
    "note_second": N_("Choose the colleague with whom you talk it over."),
    "reason_short": N_("Say why in a whole sentence, with %(least)s characters or more."),
    "note_author_here": N_("Who wrote this note still works here. Please ask her."),
    "emergency_over": N_("This was decided already, or nobody answered within a day. Ask again if it is still needed."),
    "grant_over": N_("This permission to read has ended already."),
    "key_service_unavailable": N_(
        "Confidential notes cannot be opened or sealed at this moment. Everything else works. Please try again in a few minutes."
    ),
    "key_missing": N_("The key of this note is not at hand. Please tell those who run the servers."),
    "tampered_ciphertext": N_(
        "This note cannot be opened: what is stored is not what was sealed. It has been recorded; please tell those who run the servers."
    ),
    "key_destroyed": N_("This note has been destroyed. Nobody can read it any more."),
}  # fmt: skip

SECTION_NAMES = {
    "knowledge": N_("Knowledge of the mentor network"),
    "personal": N_("Personal profile"),
    "professional": N_("Professional profile"),
    "network": N_("Network"),
    "visions": N_("Visions"),
    "match": N_("The match"),
    "others": N_("Others"),
    "referral": N_("Referral to a service, or something to raise after the interview"),
    "debrief": N_("What you talked over"),
    "shared": N_("Your note"),
}
SECTION_HINTS = {
    "knowledge": N_("Where she heard of it, what she expects"),
    "personal": N_("How friends describe her; what has been hard and what has helped"),
    "professional": N_("Education, work, main skills, languages"),
    "network": N_("Whom she knows, how they met"),
    "visions": N_("A dream before, now, and in five years"),
    "match": N_("Why a mentor, what they would do together, how often"),
    "others": N_("Anything else for a good match; what she can give the network"),
    "referral": N_("Raise it with her after the interview, never during it."),
    "debrief": N_("What made it hard, and which options the two of you see."),
}
PURPOSE_NAMES = {
    Purpose.MATCHING: N_("To find a good match"),
    Purpose.SUPPORT: N_("To support her in her mentoring"),
    Purpose.HAND_OVER: N_("To take over the case"),
    Purpose.CONCERN: N_("To look into a concern"),
    Purpose.EMERGENCY: N_("In an emergency"),
    Purpose.RELEASE: N_("Released by both of the pair"),
}
KIND_NAMES = {
    "interview": N_("Interview"),
    "debrief": N_("Debrief"),
    "shared": N_("Shared note"),
}
