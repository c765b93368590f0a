from enum import StrEnum


class Event(StrEnum):
    LETTER_WITHDRAWN = "letter.withdrawn"
    LETTER_HURRIED = "letter.hurried"
    TASK_DONE = "task.done"
    TASK_REOPENED = "task.reopened"
