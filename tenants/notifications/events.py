from enum import StrEnum


class Event(StrEnum):
    LETTER_WITHDRAWN = "letter.withdrawn"
    LETTER_HURRIED = "letter.hurried"
    TASK_DONE = "task.done"
    TASK_POSTPONED = "task.postponed"
    TASK_ASSIGNED = "task.assigned"
    TASK_REOPENED = "task.reopened"
    LETTER_SENT_AGAIN = "letter.sent_again"
    LETTER_EDITED = "letter.edited"
    LETTER_EDIT_DROPPED = "letter.edit_dropped"
    TEMPLATE_WRITTEN = "template.written"
    TEMPLATE_RESTORED = "template.restored"
    TEMPLATE_TRIED = "template.tried"
    JOB_RETRIED = "job.retried"
    LETTERS_CHOSEN = "letters.chosen"
    SEALED_CHANGED = "sealed.changed"
    SEALED_UNOPENED = "sealed.unopened"
    CONCERN_RAISED = "concern.raised"
    CONCERN_READ = "concern.read"
    CONCERN_SETTLED = "concern.settled"
