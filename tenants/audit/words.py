"""Every audit event in words, by what it belongs to. A new event is refused by a test until it stands here."""

from collections.abc import Mapping
from enum import StrEnum

from infra.language import N_

# This room refuses nothing in words of its own.
SENTENCES: Mapping[str, str] = {}


class Group(StrEnum):
    SIGN_IN = "sign_in"
    PEOPLE = "people"
    REGISTRATION = "registration"
    ROSTER = "roster"
    MATCHING = "matching"
    RELATIONSHIP = "relationship"
    DESK = "desk"
    NOTES = "notes"
    PROGRAMME = "programme"
    ORGANISATION = "organisation"


GROUP_NAMES: Mapping[Group, str] = {
    Group.SIGN_IN: N_("Sign-in and tokens"),
    Group.PEOPLE: N_("People and roles"),
    Group.REGISTRATION: N_("Registrations and statuses"),
    Group.ROSTER: N_("Rosters"),
    Group.MATCHING: N_("Matching and proposals"),
    Group.RELATIONSHIP: N_("Relationships and meetings"),
    Group.DESK: N_("Letters, tasks and concerns"),
    Group.NOTES: N_("Confidential notes"),
    Group.PROGRAMME: N_("Programmes and cycles"),
    Group.ORGANISATION: N_("The organisation"),
}

EVENTS: Mapping[Group, Mapping[str, str]] = {
    Group.SIGN_IN: {
        "sign_in.asked": N_("A sign-in link was asked for"),
        "sign_in.code_wrong": N_("A wrong sign-in code was typed"),
        "sign_in.done": N_("Signed in"),
        "session.ended": N_("Signed out"),
        "sessions.ended": N_("All sessions of a person ended"),
        "session.rotated": N_("A session got a new secret"),
        "session.verified": N_("Somebody proved anew who she is"),
        "session.code_asked": N_("A code was asked for, to prove anew who somebody is"),
        "passkey.added": N_("A passkey was added"),
        "passkey.named": N_("A passkey got another name"),
        "passkey.removed": N_("A passkey was removed"),
        "passkeys.reset": N_("All passkeys of a person were removed"),
        "passkey.refused": N_("A passkey was not accepted"),
        "passkey.suspected": N_("A passkey counted backwards, as a copy would"),
        "passkeys.demanded": N_("Passkeys were demanded of all who work here"),
        "passkeys.left_free": N_("Passkeys were no longer demanded"),
        "provider.acr_set": N_("It was set which ways of signing in at a provider are strong enough"),
        "provider.added": N_("A sign-in provider was added"),
        "provider.tried": N_("A sign-in provider was tried"),
        "provider.opened": N_("A sign-in provider was opened for everybody"),
        "provider.closed": N_("A sign-in provider was closed"),
        "provider.removed": N_("A sign-in provider was removed"),
        "provider.ended_sessions": N_("A sign-in provider ended sessions"),
        "account.connected": N_("An account was connected"),
        "account.disconnected": N_("An account was disconnected"),
        "account.refused": N_("An account was not let in"),
        "domain.named": N_("A domain was named"),
        "domain.proved": N_("A domain was proved"),
        "domain.missed": N_("The record of a domain was missing"),
        "domain.lapsed": N_("The proof of a domain lapsed"),
        "domain.removed": N_("A domain was removed"),
        "support.let_in": N_("Support was let in"),
        "support.link_made": N_("A link for support was made"),
        "support.came_in": N_("Support came in"),
        "support.ended": N_("The visit of support was ended"),
        "token.made": N_("An API token was made"),
        "token.ended": N_("An API token was ended"),
    },
    Group.PEOPLE: {
        "person.joined": N_("A person was entered"),
        "person.changed": N_("A person's facts changed"),
        "person.left": N_("A person left the organisation"),
        "person.returned": N_("A person came back"),
        "role.granted": N_("A role was given"),
        "role.taken": N_("A role was taken away"),
        "address.asked": N_("A new e-mail address was asked for"),
        "address.changed": N_("An e-mail address changed"),
        "directory.user_entered": N_("The directory entered somebody"),
        "directory.user_adopted": N_("The directory was connected with somebody who was here"),
        "directory.user_changed": N_("The directory changed somebody's facts"),
        "directory.user_removed": N_("The directory removed somebody"),
        "directory.group_entered": N_("The directory entered a group"),
        "directory.group_changed": N_("The directory changed a group"),
        "directory.group_removed": N_("The directory removed a group"),
        "letters.chosen": N_("Choice of letters changed"),
        "privacy.copy_asked": N_("A copy of somebody's data was asked for"),
        "privacy.copy_made": N_("A copy of somebody's data was made"),
        "privacy.copy_taken": N_("Somebody downloaded the copy of her data"),
        "privacy.erasure_asked": N_("The deletion of somebody's data was asked for"),
        "privacy.erasure_cancelled": N_("The deletion of somebody's data was taken back"),
        "privacy.erasure_begun": N_("The deletion of somebody's data began"),
        "privacy.erasure_done": N_("Somebody's data was deleted"),
    },
    Group.REGISTRATION: {
        "registration.begun": N_("A registration was begun"),
        "registration.sent": N_("A registration was sent"),
        "registration.recorded": N_("A registration was recorded for somebody"),
        "registration.code_wrong": N_("A wrong confirmation code was typed"),
        "registration.confirmed": N_("A registration was confirmed"),
        "registration.expired": N_("A registration expired unconfirmed"),
        "participation.status_changed": N_("A status changed"),
        "participation.status_undone": N_("A change of status was taken back"),
        "participation.interview_held": N_("An interview was held"),
        "participation.interview_planned": N_("An interview was planned"),
        "participation.profile_changed": N_("Answers of a profile changed"),
        "participation.note_changed": N_("A note changed"),
        "consent.given": N_("A consent was given"),
        "consent.withdrawn": N_("A consent was withdrawn"),
    },
    Group.ROSTER: {
        "roster.uploaded": N_("A roster was uploaded"),
        "roster.chosen": N_("It was said how to read a roster"),
        "roster.commit_asked": N_("The import of a roster was asked for"),
        "roster.committed": N_("A roster was imported"),
        "roster.failed": N_("The import of a roster failed"),
        "roster.revert_asked": N_("Taking back an import was asked for"),
        "roster.reverted": N_("An import was taken back"),
        "roster.discarded": N_("A roster was put away"),
    },
    Group.MATCHING: {
        "run.started": N_("A matching run was started"),
        "run.done": N_("A matching run was done"),
        "run.failed": N_("A matching run failed"),
        "run.cancelled": N_("A matching run was stopped"),
        "pair_wish.made": N_("A wish about a pair was recorded"),
        "pair_wish.released": N_("A wish about a pair was lifted"),
        "pool.opened": N_("A pool was opened"),
        "proposal.made": N_("A proposal was made by hand"),
        "proposals.approved": N_("Proposals were approved"),
        "proposals.approval_undone": N_("An approval was taken back"),
        "proposal.answered": N_("A proposal was answered"),
        "proposal.meeting": N_("Both want to meet"),
        "proposal.confirmed": N_("The match is confirmed"),
        "proposal.closed": N_("A proposal was closed"),
        "proposal.first_meeting_noted": N_("The day of a first meeting was noted"),
    },
    Group.RELATIONSHIP: {
        "relationship.begun": N_("A relationship began"),
        "relationship.ended": N_("A relationship ended"),
        "relationship.check_up_set": N_("A check-up was set"),
        "relationship.check_up_done": N_("A check-up was done"),
        "meeting.proposed": N_("A meeting was proposed"),
        "meeting.agreed": N_("A meeting was agreed"),
        "meeting.cancelled": N_("A meeting was cancelled"),
        "meeting.held": N_("A meeting was held"),
    },
    Group.DESK: {
        "letter.withdrawn": N_("A letter was withdrawn"),
        "letter.hurried": N_("A letter was sent at once"),
        "letter.sent_again": N_("A letter was sent again"),
        "task.done": N_("A task was done"),
        "task.postponed": N_("A task was postponed"),
        "task.assigned": N_("A task was handed over"),
        "task.reopened": N_("A task was opened again"),
        "job.retried": N_("A failed job was tried again"),
        "concern.raised": N_("A concern was raised"),
        "concern.read": N_("A concern was read"),
        "concern.settled": N_("A concern was settled"),
    },
    Group.NOTES: {
        "note.begun": N_("A confidential note was begun"),
        "note.sealed": N_("A confidential note was sealed"),
        "note.changed": N_("A confidential note was changed"),
        "note.read": N_("A confidential note was read"),
        "note.unreadable": N_("A confidential note could not be opened: what is stored is not what was sealed"),
        "note.kept_until": N_("It was said how long a confidential note is kept"),
        "note.destroyed": N_("A confidential note was destroyed"),
        "note.grant_given": N_("Somebody was let read a confidential note"),
        "note.grant_ended": N_("Somebody may no longer read a confidential note"),
        "note.emergency_asked": N_("Somebody asked to read a confidential note in an emergency"),
        "note.emergency_opened": N_("A confidential note was opened in an emergency"),
        "note.emergency_refused": N_("A confidential note stayed closed in an emergency"),
        "note.release_asked": N_("One of a pair asked to release a shared note"),
        "note.release_agreed": N_("One of a pair agreed to release a shared note"),
        "note.release_taken_back": N_("One of a pair agrees no more to release a shared note"),
    },
    Group.PROGRAMME: {
        "programme.launched": N_("A programme was launched"),
        "programme.opened": N_("A programme was opened"),
        "programme.closed": N_("A programme was closed"),
        "programme.changed": N_("A programme changed"),
        "cycle.planned": N_("A cycle was planned"),
        "cycle.changed": N_("A cycle changed"),
        "questions.changed": N_("Questions changed"),
        "topics.changed": N_("Topics changed"),
        "criterion.changed": N_("A criterion changed"),
        "programme.role_given": N_("A role in a programme was given"),
        "programme.role_taken": N_("A role in a programme was taken away"),
    },
    Group.ORGANISATION: {
        "organisation.founded": N_("The organisation was founded"),
        "organisation.changed": N_("Facts of the organisation changed"),
        "organisation.host_added": N_("An address was added"),
        "organisation.key_asked": N_("A new key for confidential texts was asked for"),
        "organisation.key_renewed": N_("A new key seals confidential texts"),
        "office.opened": N_("An office was opened"),
        "office.changed": N_("An office changed"),
    },
}
WORDS: Mapping[str, str] = {event: words for group in EVENTS.values() for event, words in group.items()}

ACTOR_NAMES: Mapping[str, str] = {
    "person": N_("A participant"),
    "token": N_("An API token"),
    "house": N_("Mentorweave itself"),
    "visitor": N_("A visitor"),
    "support": N_("Support, in the place of a participant"),
}
