"""The reader's language for everything beneath, errors of the router included."""

from infra import language
from infra.http.asgi import ASGIApp, Message, Receive, Scope, Send, header


class ReaderLanguage:
    """
    Speak the browser's language until a door knows the reader and says `language.use`.

    `Content-Language` is read when the answer starts, so it names the language
    that was really spoken.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def naming(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-language", language.current().encode()),
                ]
            await send(message)

        with language.use(language.negotiate(header(scope, "accept-language"))):
            await self._app(scope, receive, naming)
