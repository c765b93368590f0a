from enum import StrEnum


class Event(StrEnum):
    LINK_ASKED = "sign_in.asked"
    CODE_WRONG = "sign_in.code_wrong"
    SIGNED_IN = "sign_in.done"
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    SESSION_ROTATED = "session.rotated"
    VERIFIED = "session.verified"
    ADDRESS_ASKED = "address.asked"
    ADDRESS_CHANGED = "address.changed"
    TOKEN_MADE = "token.made"  # noqa: S105  the name of an event
    TOKEN_ENDED = "token.ended"  # noqa: S105  the same
    PROVIDER_ADDED = "provider.added"
    PROVIDER_TRIED = "provider.tried"
    PROVIDER_OPENED = "provider.opened"
    PROVIDER_CLOSED = "provider.closed"
    PROVIDER_REMOVED = "provider.removed"
    PROVIDER_ENDED_SESSIONS = "provider.ended_sessions"
    ACCOUNT_CONNECTED = "account.connected"
    ACCOUNT_DISCONNECTED = "account.disconnected"
    ACCOUNT_REFUSED = "account.refused"
