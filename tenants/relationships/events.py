from enum import StrEnum


class Event(StrEnum):
    RELATIONSHIP_BEGUN = "relationship.begun"
    RELATIONSHIP_ENDED = "relationship.ended"
    MEMBER_LEFT = "relationship.member_left"
    CHECK_UP_SET = "relationship.check_up_set"
    CHECK_UP_DONE = "relationship.check_up_done"
    MEETING_PROPOSED = "meeting.proposed"
    MEETING_AGREED = "meeting.agreed"
    MEETING_CANCELLED = "meeting.cancelled"
    MEETING_HELD = "meeting.held"
    FEED_MADE = "calendar_feed.made"
    FEED_CLOSED = "calendar_feed.closed"
    FOLLOW_UP_ASKED = "follow_up.asked"
    FOLLOW_UP_REPLIED = "follow_up.replied"
