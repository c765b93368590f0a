"""
The mail catcher's pages. They are for whoever tries or tests the product, not a part of it.

A mail is a stranger's document: its HTML is shown in a sandboxed frame that may
run nothing and load nothing, and its text with links made from addresses only.
"""

import re
from html import escape

from infra.embedded.inbox import Caught

# For the frame as well: a srcdoc document inherits the policy of the page around it.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'"
)
# A link may open a page of its own with all its rights; the mail itself gets none.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { width: 100%; border-collapse: collapse; overflow-wrap: anywhere }
th, td { text-align: start; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #8886; vertical-align: top }
td:first-child { white-space: nowrap }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border: 1px solid #8886; padding: 1rem }
iframe { width: 100%; height: 36rem; border: 1px solid #8886; background: #fff }
"""


def inbox(messages: list[Caught]) -> str:
    rows = "".join(
        f"<tr><td><time datetime={one.at.isoformat()}>{one.at:%d %b, %H:%M:%S} UTC</time></td>"
        f"<td>{escape(', '.join(one.recipients))}</td>"
        f'<td><a href="/messages/{one.id}"><bdi>{escape(one.subject) or "(no subject)"}</bdi></a></td></tr>'
        for one in messages
    )
    table = (
        "<table><caption hidden>Messages, newest first</caption>"
        "<thead><tr><th scope=col>When</th><th scope=col>To</th><th scope=col>Subject</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    empty = "<p>Nothing yet. Every e-mail that this installation sends appears here, and nowhere else.</p>"
    # Loads itself again, since the page runs no script.
    return page("Caught mail", table if messages else empty, head='<meta http-equiv="refresh" content="5">')


def message(one: Caught) -> str:
    body = [
        '<p><a href="/">All messages</a></p>',
        f"<h1><bdi>{escape(one.subject)}</bdi></h1>",
        f"<p>From {escape(str(one.message['From']))} to {escape(', '.join(one.recipients))}, {one.at:%d %b %Y, %H:%M:%S} UTC</p>",
    ]
    if plain := one.part("plain"):
        body.append(f'<h2>Text</h2><pre dir="auto">{linked(plain)}</pre>')
    if html := one.part("html"):
        framed = f'<base target="_blank">{html}'
        body.append(
            "<h2>HTML</h2>"
            f'<iframe title="The HTML part" sandbox="{SANDBOX}" srcdoc="{escape(framed, quote=True)}"></iframe>'
        )
    return page(one.subject, "".join(body))


def linked(text: str) -> str:
    """`text` as HTML in which web addresses, and nothing else, are links."""
    parts: list[str] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = escape(found.group(), quote=True)
        parts += [escape(text[end : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def page(title: str, body: str, *, head: str = "") -> str:
    if "<h1>" not in body:
        body = f"<h1>{escape(title)}</h1>{body}"
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}"
        '<meta name=viewport content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )
