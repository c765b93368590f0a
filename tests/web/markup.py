"""What a page is made of, as far as its promises go: language, headings, what it loads, what it says."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "link": "href"}
TOLD = ("aria-label", "title", "placeholder", "alt", "data-failed")


@dataclass
class _Open:
    tag: str
    is_theirs: bool  # what people wrote, or a passage in another language


@dataclass
class Markup(HTMLParser):
    language: str = ""
    direction: str = ""
    title: str = ""
    h1: int = 0
    loads: list[str] = field(default_factory=list)
    scripts: int = 0
    nonces: set[str] = field(default_factory=set)
    bare: list[str] = field(
        default_factory=list
    )  # scripts and styles without a nonce, inline handlers and styles
    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # of ours alone
    _open: list[_Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, html: str) -> "Markup":
        made = cls()
        made.feed(html)
        return made

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language, self.direction = of.get("lang", ""), of.get("dir", "")
        self.h1 += tag == "h1"
        if "id" in of:
            self.ids.append(of["id"])
        self._note_loading(tag, of)
        self._note_policy(tag, of)
        is_theirs = tag in ("bdi", "code", "style", "script", "svg")
        # The page itself says its direction, too, and is ours.
        is_theirs |= tag != "html" and of.get("dir") in ("auto", "ltr")
        is_theirs |= tag != "html" and "lang" in of and of["lang"] != self.language
        is_theirs |= bool(self._open) and self._open[-1].is_theirs
        if not is_theirs:
            self.texts += [of[name] for name in TOLD if name in of]
            if tag == "input" and of.get("type") in ("submit", "button"):
                self.texts.append(of.get("value", ""))
        if tag not in VOID:
            self._open.append(_Open(tag, is_theirs))

    def _note_loading(self, tag: str, of: dict[str, str]) -> None:
        self.scripts += tag == "script"
        address = of.get(LOADING.get(tag, ""), "")
        is_loaded = tag != "link" or of.get("rel") in (
            "stylesheet",
            "icon",
            "preload",
            "modulepreload",
            "manifest",
        )
        if address and is_loaded and not address.startswith("data:"):
            self.loads.append(address)

    def _note_policy(self, tag: str, of: dict[str, str]) -> None:
        if tag in ("script", "style"):
            if of.get("nonce"):
                self.nonces.add(of["nonce"])
            else:
                self.bare.append(f"<{tag}> without a nonce")
        if "style" in of:
            self.bare.append(f"<{tag} style={of['style']!r}>")
        self.bare += [f"<{tag} {name}>" for name in of if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag == "title":
            self.title += data
        if data.strip() and not (self._open and self._open[-1].is_theirs):
            self.texts.append(re.sub(r"\s+", " ", data).strip())
