"""
Master keys in Vault's (or OpenBao's) transit engine, which never leave it. KEY_PROVIDER_URL=vault://host/mount/key.

The key must be made with `derived=true`: Vault then makes a key of its own for each context, and what was wrapped
for one does not open for another. Without that it would ignore the context, so such a key is refused.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from infra import logs
from infra.crypto.errors import TamperedCiphertext
from infra.crypto.hierarchy import Context
from infra.keys.errors import KeyServiceUnavailable

if TYPE_CHECKING:
    import httpx2

log = logs.get("keys")
MARK = b"vault:v"
TIMEOUT_S = 3.0
# Vault's own words (sdk/helper/keysutil/policy.go); it has no codes.
_TAMPERED = ("invalid ciphertext", "message authentication failed")


class Vault:
    """`token_file` holds a token, as Vault's agent keeps one; `approle_file` {"role_id", "secret_id"} to fetch some with."""

    def __init__(
        self,
        url: str,
        *,
        token_file: Path | None = None,
        approle_file: Path | None = None,
        namespace: str = "",
    ) -> None:
        parts = urlsplit(url)
        mount, _, self._key = parts.path.strip("/").rpartition("/")
        if not parts.netloc or not mount or not self._key:
            raise ValueError(url)
        # vault+http is for a double in tests, or an agent on the same machine.
        self._base = f"{'http' if parts.scheme == 'vault+http' else 'https'}://{parts.netloc}/v1/"
        self._mount = mount
        self._files = token_file, approle_file
        self._headers = {"x-vault-namespace": namespace} if namespace else {}
        self._http: httpx2.AsyncClient | None = None
        self._token: str | None = None
        self._is_derived = False

    async def wrap(self, key: bytes, context: Context) -> bytes:
        await self._must_derive()
        body = {"plaintext": _text(key), "context": _context(context)}
        return str((await self._post("encrypt", body))["ciphertext"]).encode()

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        await self._must_derive()
        body = {"ciphertext": _ciphertext(wrapped), "context": _context(context)}
        return base64.b64decode((await self._post("decrypt", body))["plaintext"], validate=True)

    async def rewrap(self, wrapped: bytes, context: Context) -> bytes:
        """Within Vault: the key is not seen by us."""
        await self._must_derive()
        body = {"ciphertext": _ciphertext(wrapped), "context": _context(context)}
        return str((await self._post("rewrap", body))["ciphertext"]).encode()

    async def newest(self) -> str:
        return f"vault/{self._key}/v{(await self._described())['latest_version']}"

    def master_of(self, wrapped: bytes) -> str:
        return f"vault/{self._key}/{_ciphertext(wrapped).split(':')[1]}"

    def made(self, wrapped: bytes) -> bool:
        return wrapped.startswith(MARK)

    async def rotate(self) -> None:
        """A new version of the master key, for new wraps."""
        await self._ask("POST", f"{self._mount}/keys/{self._key}/rotate", {})

    async def forbid_before(self, version: int) -> None:
        """Nothing that an older version wrapped opens any more."""
        await self._ask("POST", f"{self._mount}/keys/{self._key}/config", {"min_decryption_version": version})

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _must_derive(self) -> None:
        if self._is_derived:
            return
        if (await self._described()).get("derived") is not True:
            log.critical("key service unfit", service="vault", why="the key was not made with derived=true")
            raise KeyServiceUnavailable(found="vault:not_derived")
        self._is_derived = True

    async def _described(self) -> dict[str, Any]:
        return await self._ask("GET", f"{self._mount}/keys/{self._key}", None)

    async def _post(self, operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._ask("POST", f"{self._mount}/{operation}/{self._key}", body)

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        """A token that has ended is fetched anew, once."""
        kept = self._token is not None
        answer = await self._send(method, path, body, await self._signed_in())
        if answer.status_code == 403 and kept:
            self._token = None
            answer = await self._send(method, path, body, await self._signed_in())
        if answer.status_code == 204:
            return {}
        if answer.is_success:
            return dict(answer.json()["data"])
        said = _said(answer)
        if answer.status_code == 400 and any(words in said for words in _TAMPERED):
            raise TamperedCiphertext(found="context")
        log.error("key service refused", service="vault", status=answer.status_code, said=said[:200])
        raise KeyServiceUnavailable(found=f"vault:{answer.status_code}")

    async def _signed_in(self) -> str:
        if self._token is None:
            token_file, approle_file = self._files
            if approle_file is not None:
                role = json.loads(_private(approle_file))
                answer = await self._send("POST", "auth/approle/login", role, None)
                if not answer.is_success:
                    log.error("key service refused", service="vault", status=answer.status_code, said="login")
                    raise KeyServiceUnavailable(found=f"vault:{answer.status_code}")
                self._token = str(answer.json()["auth"]["client_token"])
            elif token_file is not None:
                self._token = _private(token_file).strip()
            else:
                raise KeyServiceUnavailable(found="vault:no_credentials")
        return self._token

    async def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, token: str | None
    ) -> "httpx2.Response":
        import httpx2

        if self._http is None:
            self._http = httpx2.AsyncClient(
                base_url=self._base, timeout=TIMEOUT_S, follow_redirects=False, headers=self._headers
            )
        headers = {"x-vault-token": token} if token else {}
        try:
            return await self._http.request(method, path, json=body, headers=headers)
        except (httpx2.TransportError, TimeoutError) as away:
            raise KeyServiceUnavailable(found="vault") from away


def _private(path: Path) -> str:
    """What a file says that only few may read."""
    try:
        if path.stat().st_mode & 0o007:
            log.critical("key service unfit", service="vault", why="everybody may read its credentials")
            raise KeyServiceUnavailable(found="vault:credentials_open_to_all")
        return path.read_text(encoding="utf-8")
    except OSError as absent:
        raise KeyServiceUnavailable(found="vault:no_credentials") from absent


def _said(answer: "httpx2.Response") -> str:
    try:
        return "; ".join(answer.json().get("errors", []))
    except (ValueError, AttributeError, TypeError):
        return ""


def _ciphertext(wrapped: bytes) -> str:
    if not wrapped.startswith(MARK) or not wrapped.isascii() or wrapped.count(b":") != 2:
        raise TamperedCiphertext(found="format")
    return wrapped.decode()


def _context(context: Context) -> str:
    return _text(json.dumps(dict(context), sort_keys=True, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
