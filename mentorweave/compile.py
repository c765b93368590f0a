"""
Loads everything once, so that Python keeps it compiled.

Processes that start together would each compile what all of them import, and
hold the memory of it for as long as they live.
"""

import importlib
import pkgutil

from workers import runner

DOORS = ("api", "web", "mentorweave.demo")


def load() -> None:
    runner.load([*runner.ROOMS, *runner.NUMBERS, "mentorweave.asgi", "infra.embedded.mailcatcher"])
    for door in DOORS:
        package = importlib.import_module(door)
        for found in pkgutil.walk_packages(package.__path__, f"{door}."):
            importlib.import_module(found.name)


if __name__ == "__main__":
    load()
