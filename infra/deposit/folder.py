"""A folder, best one that another machine keeps."""

import asyncio
import os
import secrets
from pathlib import Path

from infra.deposit.places import DepositDiffers


class FolderDeposit:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def lay_down(self, name: str, text: str) -> None:
        # A disk on the network may take its time.
        await asyncio.to_thread(self._write, self._folder / name, text)

    async def texts(self, under: str) -> list[str]:
        return await asyncio.to_thread(self._read, under)

    def _write(self, path: Path, text: str) -> None:
        if path.exists():
            _must_say(path, text)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with aside.open("x", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, path)
        except FileExistsError:
            _must_say(path, text)  # another laid it down meanwhile
        finally:
            aside.unlink(missing_ok=True)

    def _read(self, under: str) -> list[str]:
        found = (path for path in self._folder.rglob("*") if path.is_file() and path.name[0] != ".")
        named = sorted((path.relative_to(self._folder).as_posix(), path) for path in found)
        return [path.read_text(encoding="utf-8") for name, path in named if name.startswith(under)]


def _must_say(path: Path, text: str) -> None:
    if path.read_text(encoding="utf-8") != text:
        raise DepositDiffers(name=path.name)
