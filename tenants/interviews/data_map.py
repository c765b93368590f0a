"""What is kept of confidential notes. See `tenants.mapping`."""

from datetime import timedelta

from infra.language import N_
from tenants.interviews.rules import KEPT_AT_MOST
from tenants.mapping import (
    UNTIL_ERASED,
    Kind,
    Purpose,
    Rows,
    course,
    for_days,
    house,
    key,
    noted,
    of,
    own,
    table,
)

_KEPT = for_days(timedelta(days=KEPT_AT_MOST))

MAP = (
    table(
        "interview_note",
        title=N_("Interviews with you"),
        purpose=Purpose.MATCHING,
        kept=_KEPT,
        hers=(own("subject_id"), own("other_id")),
        rows=Rows.DELETED,
        columns={
            "kind": course(N_("Kind of note")),
            "participation_id": key(),
            "relationship_id": key(),
            "about_id": key(),
            "subject_id": key(),
            "author_id": key(),
            "other_id": key(),
            "state": course(N_("How it stands")),
            "held_on": course(N_("Held on")),
            "explained": course(),
            "fields_filled": course(),
            "version": house(),
            "form_window": house(),
            "saved_at": course(),
            "destroy_on": course(N_("Destroyed on")),
            "destroyed_at": course(),
        },
    ),
    table(
        "sealed_note",
        purpose=Purpose.MATCHING,
        kept=_KEPT,
        hers=(of("note_id", "interview_note"),),
        rows=Rows.DELETED,
        columns={"note_id": key(), "words": noted(Kind.CONFIDENTIAL)},
    ),
    table(
        "note_grant",
        purpose=Purpose.MENTORING,
        kept=_KEPT,
        hers=(of("note_id", "interview_note"), own()),
        rows=Rows.DELETED,
        columns={
            "note_id": key(),
            "person_id": key(),
            "kind": course(),
            "purpose": course(),
            "until": course(),
            "granted_by": key(),
            "emergency_id": key(),
            "release_id": key(),
            "ended_at": course(),
            "ended_by": key(),
        },
    ),
    table(
        "note_emergency",
        purpose=Purpose.PROOF,
        kept=_KEPT,
        hers=(of("note_id", "interview_note"),),
        rows=Rows.DELETED,
        columns={
            "note_id": key(),
            "requester_id": key(),
            "asked_for": course(),
            "reason": noted(Kind.CONFIDENTIAL),
            "state": course(),
            "decided_by": key(),
            "decided_at": course(),
        },
    ),
    table(
        "note_release",
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("note_id", "interview_note"), own("reader_id")),
        rows=Rows.DELETED,
        columns={"note_id": key(), "reader_id": key(), "asked_by": key()},
    ),
    table(
        "note_release_yes",
        title=N_("That somebody may read what you share"),
        purpose=Purpose.CONSENT,
        kept=UNTIL_ERASED,
        hers=(own(),),
        rows=Rows.DELETED,
        columns={"created_at": course(N_("You agreed on")), "release_id": key(), "person_id": key()},
    ),
)
