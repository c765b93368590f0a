"""
A browser without a screen: cookies, forms with their hidden fields, redirects. Everything goes through the real app.

    page = await browser.get("/sign-in")
    page = await page.submit(email="ana@example.org")
    assert page.status == 200
"""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

import httpx

from infra.http.asgi import ASGIApp


@dataclass
class Field:
    name: str
    value: str
    is_sent: bool


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field]
    is_multipart: bool


class _Reader(HTMLParser):
    """Forms with the values that a browser would send, and the text between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._select: str | None = None
        self._area: str | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag in ("style", "script"):
            self._silent += 1
        if tag == "form":
            self.forms.append(
                Form(
                    of.get("action", ""),
                    of.get("method", "get").lower(),
                    [],
                    "multipart" in of.get("enctype", ""),
                )
            )
        if not self.forms:
            return
        fields = self.forms[-1].fields
        if tag == "input" and of.get("name") and of.get("type") not in ("submit", "button", "file"):
            is_box = of.get("type") in ("checkbox", "radio")
            fields.append(
                Field(of["name"], of.get("value", "on" if is_box else ""), not is_box or "checked" in of)
            )
        elif tag == "select":
            self._select = of.get("name")
        elif tag == "option" and self._select:
            already = any(field.name == self._select for field in fields)
            if "selected" in of or not already:
                fields[:] = [field for field in fields if field.name != self._select or "selected" not in of]
                fields.append(Field(self._select, of.get("value", ""), True))
        elif tag == "textarea" and of.get("name"):
            self._area = of["name"]
            fields.append(Field(of["name"], "", True))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._silent -= 1
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].fields[-1].value += data
        elif not self._silent:
            self.text.append(data)


class Page:
    def __init__(self, browser: "Browser", response: httpx.Response) -> None:
        self.browser = browser
        self.response = response
        self.status = response.status_code
        self.path = response.url.raw_path.decode()
        self.html = response.text

    @cached_property
    def _read(self) -> _Reader:
        reader = _Reader()
        if "html" in self.response.headers.get("content-type", ""):
            reader.feed(self.html)
        return reader

    @cached_property
    def forms(self) -> list[Form]:
        return self._read.forms

    @cached_property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self._read.text)).strip()

    def form(self, action: str | None = None) -> Form:
        """The form that goes to `action` (a beginning of it), or the first one that posts and is not the sign-out."""
        for form in self.forms:
            if action is None and form.method == "post" and form.action != "/sign-out":
                return form
            if action is not None and form.action.startswith(action):
                return form
        raise AssertionError(f"no form to {action} on {self.path}: {[form.action for form in self.forms]}")

    async def submit(self, action: str | None = None, *, files: Any = None, **values: Any) -> "Page":
        """Send a form as filled in by the page, with `values` in place of its own; a list sends a field many times."""
        form = self.form(action)
        sent: list[tuple[str, str]] = []
        for field in form.fields:
            if field.name not in values and field.is_sent:
                sent.append((field.name, field.value))
        for name, value in values.items():
            sent += [
                (name, str(one)) for one in (value if isinstance(value, list) else [value]) if one is not None
            ]
        address = form.action or self.path
        if form.method == "get":
            return await self.browser.get(address, params=sent)
        return await self.browser.post(address, sent, files=files)


class Browser:
    """One person's browser at one organisation. Requests carry what a real one says of itself."""

    def __init__(self, app: ASGIApp, host: str, stack: AsyncExitStack) -> None:
        self.host = host
        self._stack = stack
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=True),
            base_url=f"https://{host}",  # https, so that the client sends Secure cookies back
            headers={"accept-language": "en"},
            follow_redirects=True,
        )

    async def get(self, path: str, **options: Any) -> Page:
        return Page(self, await self.client.get(path, **options))

    async def head(self, path: str) -> Page:
        return Page(self, await self.client.head(path))

    async def post(self, path: str, fields: list[tuple[str, str]], *, files: Any = None) -> Page:
        said = {"sec-fetch-site": "same-origin", "origin": f"https://{self.host}"}
        if files is not None:
            data: dict[str, Any] = {}
            for name, value in fields:
                data.setdefault(name, []).append(value)
            return Page(self, await self.client.post(path, data=data, files=files, headers=said))
        content = httpx.QueryParams(fields)
        return Page(
            self,
            await self.client.post(
                path,
                content=str(content),
                headers={**said, "content-type": "application/x-www-form-urlencoded"},
            ),
        )

    def sign_in(self, secret: str) -> None:
        """Carry a session that a test has begun through `tenants.identity.actions`."""
        self.client.cookies.set("__Host-session", secret, domain=self.host, path="/")
