"""`python -m infra.language.compile`: writes each .mo beside its .po, so that processes start faster."""

from pathlib import Path

from infra.language.catalogues import compiled, source_path
from infra.language.languages import installed


def compile_all() -> list[Path]:
    written = []
    for code in installed():
        target = source_path(code).with_suffix(".mo")
        # Made aside and moved, since a process may be reading the old one.
        fresh = target.with_suffix(".mo.new")
        fresh.write_bytes(compiled(code))
        written.append(fresh.replace(target))
    return written


if __name__ == "__main__":
    compile_all()
