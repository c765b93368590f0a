"""What can be wrong with a provider or its token. `why` is one of the reasons below, and never holds a token."""

from enum import StrEnum
from typing import Any

from infra.errors import HouseError


class Mistake(StrEnum):
    """What is wrong with a provider's set-up, in the order in which it shows."""

    NOT_HTTPS = "provider_not_https"
    PRIVATE_ADDRESS = "provider_private_address"
    UNKNOWN_HOST = "provider_unknown_host"
    UNREACHABLE = "provider_unreachable"
    NO_DISCOVERY = "provider_no_discovery"
    NOT_JSON = "provider_not_json"
    TOO_LARGE = "provider_too_large"
    OTHER_ISSUER = "provider_other_issuer"
    NO_CODE_FLOW = "provider_no_code_flow"
    NO_PKCE = "provider_no_pkce"
    NO_ALGORITHM = "provider_no_algorithm"
    NO_KEYS = "provider_no_keys"
    CLIENT_REFUSED = "provider_client_refused"
    CODE_REFUSED = "provider_code_refused"
    NO_USERINFO = "provider_no_userinfo"
    NO_TOKEN = "provider_no_token"  # noqa: S105  the name of a mistake


class ProviderWrong(HouseError):
    """A provider that cannot be used as it stands; the facts say what was found."""

    code = "provider_wrong"

    def __init__(self, why: Mistake, **facts: Any) -> None:
        super().__init__(why=why.value, **facts)
        self.why = why


class Wrong(StrEnum):
    """Why a token is refused."""

    FORM = "form"
    HEADER = "header"
    TYPE = "type"
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    PARTY = "party"
    SUBJECT = "subject"
    EXPIRED = "expired"
    TOO_EARLY = "too_early"
    ISSUED = "issued"
    NONCE = "nonce"
    ACCESS_TOKEN = "access_token"  # noqa: S105  the name of a reason
    DIRECTORY = "directory"  # Entra's tenant
    TOO_LONG_AGO = "too_long_ago"
    LOGOUT = "logout"


class TokenRefused(HouseError):
    """A token that does not prove what it should; nothing in it may be believed."""

    code = "token_refused"

    def __init__(self, why: Wrong) -> None:
        super().__init__(why=why.value)
        self.why = why
