"""Names of the key database and its two logins; apart from their tables, for who only writes addresses."""

KEYMAKER = "mentorweave_keymaker"
KEYS = "mentorweave_keys"
LOGINS = (KEYMAKER, KEYS)
DATABASE = "mentorweave_keys"
