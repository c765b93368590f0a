"""Rows that are, or may be, the same person: within the file and against the organisation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

from tenants.registration.roster.choices import Choices
from tenants.registration.roster.fields import Field
from tenants.registration.roster.problems import Finding, Group, assumed, refused
from tenants.registration.roster.rows import Action, Places, Row
from tenants.registration.roster.values import words
from tenants.registration.roster.values.contact import name_key

_SAME_NAME = 0.85  # of the ordered letters; 'hadzic selma' and 'hadzic selma m' are 0.92
_MANY = 10  # row numbers repeated in a fact


def compare(
    rows: list[Row], places: Places, choices: Choices, known: Mapping[str, Mapping[str, Any]]
) -> None:
    """Settle who is who: addresses within the file, people who are here, names that look alike, exclusions."""
    settle = _Settle(places, choices)
    by_email: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.value["email"] and row.number not in choices.skip:
            by_email[row.value["email"]].append(row)
    for shared in by_email.values():
        if len(shared) > 1:
            settle.one_address(shared)
    for row in rows:
        if (person := known.get(row.value["email"] or "")) is not None and not row.is_refused:
            settle.is_here(row, person)
    settle.look_alikes(rows)
    for row in rows:
        if row.value["exclusions"]:
            settle.exclusions(row, by_email, known)
        if row.number in choices.skip:
            settle.say(row, None, refused("row_left_out", Group.LEFT_OUT, row.name))
        if row.is_refused:
            row.action = Action.NONE


def is_same_name(one: str, other: str) -> bool:
    """Written a little differently: order, case, accents, a title, a middle name, a slip."""
    first, second = name_key(one), name_key(other)
    if not first or not second:
        return False
    if first == second:
        return True
    few, many = sorted((set(first.split()), set(second.split())), key=len)
    if len(few) > 1 and few <= many:
        return True
    return SequenceMatcher(None, first, second).ratio() >= _SAME_NAME


class _Settle:
    def __init__(self, places: Places, choices: Choices) -> None:
        self.places = places
        self.choices = choices

    def say(self, row: Row, of: Field | None, finding: Finding) -> None:
        row.problems.append(self.places.problem(row.number, of, finding))

    def one_address(self, rows: list[Row]) -> None:
        """The first row that uses an address owns it; those of the same name are the same person, others are not."""
        owner = rows[0]
        same = [row for row in rows[1:] if is_same_name(owner.name, row.name)]
        others = [row for row in rows[1:] if row not in same]
        address = owner.value["email"]
        if others:
            numbers = [row.number for row in others][:_MANY]
            if self.choices.decision(Group.SHARED_ADDRESS) == "none":
                facts: dict[str, Any] = {"row": others[0].number, "name": others[0].name}
                self.say(
                    owner,
                    Field.EMAIL,
                    refused("address_of_another_row", Group.SHARED_ADDRESS, address, **facts),
                )
            else:
                self.say(
                    owner,
                    Field.EMAIL,
                    assumed("address_also_in", Group.SHARED_ADDRESS, address, rows=numbers),
                )
        for row in others:
            facts = {"row": owner.number, "name": owner.name}
            self.say(
                row, Field.EMAIL, refused("address_of_another_row", Group.SHARED_ADDRESS, address, **facts)
            )
        readable = [row for row in (owner, *same) if not row.is_refused]
        if len(readable) > 1:
            self._merge(readable)

    def _merge(self, rows: list[Row]) -> None:
        first, *later = rows
        decision = self.choices.decision(Group.SAME_PERSON)
        if decision == "first":
            for row in later:
                found = refused("same_person_twice", Group.SAME_PERSON, row.name, row=first.number)
                self.say(row, Field.EMAIL, found)
            return
        differing: set[str] = set()
        for row in later:
            differing |= _take(first.value, row.value, is_later_better=decision == "last")
            row.action = Action.NONE
            self.say(row, Field.EMAIL, assumed("merged_into", Group.SAME_PERSON, row.name, row=first.number))
        facts = {"rows": [row.number for row in later][:_MANY], "differing": sorted(differing)}
        self.say(first, Field.EMAIL, assumed("merged_from", Group.SAME_PERSON, first.name, **facts))

    def is_here(self, row: Row, person: Mapping[str, Any]) -> None:
        if row.action is Action.NONE:
            return  # merged: the row that it went into speaks for both
        name = str(person.get("full_name", ""))
        if name and not is_same_name(name, row.name) and self.choices.decision(Group.ADDRESS_TAKEN) != "same":
            self.say(
                row, Field.EMAIL, refused("address_taken", Group.ADDRESS_TAKEN, row.value["email"], name=name)
            )
            return
        decision = self.choices.decision(Group.ALREADY_HERE)
        row.action = {"keep": Action.KEEP, "update": Action.UPDATE, "skip": Action.NONE}[decision]
        facts = {**person, "name": name, "decision": decision}
        facts.pop("full_name", None)
        self.say(row, Field.EMAIL, assumed("already_here", Group.ALREADY_HERE, row.value["email"], **facts))

    def look_alikes(self, rows: Iterable[Row]) -> None:
        """
        One name at two addresses. A name alone says little, since many people
        share one; with the same telephone, or an address that differs in its
        signs or domain only, a coordinator should look.
        """
        by_name: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if not row.is_refused and row.action is not Action.NONE and (key := name_key(row.name)):
                by_name[key].append(row)
        for namesakes in by_name.values():
            for index, row in enumerate(namesakes[1:], 1):
                for earlier in namesakes[:index][:_MANY]:
                    if _is_near(earlier, row):
                        found = assumed(
                            "perhaps_same_person", Group.SAME_PERSON, row.name, row=earlier.number
                        )
                        self.say(row, Field.FULL_NAME, found)
                        break

    def exclusions(
        self, row: Row, by_email: Mapping[str, list[Row]], known: Mapping[str, Mapping[str, Any]]
    ) -> None:
        kept = []
        for address in row.value["exclusions"]:
            facts: dict[str, Any] = {"address": address}
            if address == row.value["email"]:
                code = "excludes_self"
            else:
                kept.append(address)
                if address in by_email:
                    code, facts = (
                        "exclusion_in_file",
                        facts | {"row": by_email[address][0].number, "name": by_email[address][0].name},
                    )
                elif address in known:
                    code, facts = "exclusion_here", facts | {"name": str(known[address].get("full_name", ""))}
                else:
                    code = "exclusion_unknown"
            self.say(row, Field.EXCLUSIONS, assumed(code, Group.EXCLUSIONS, address, **facts))
        row.value["exclusions"] = kept


def _is_near(one: Row, other: Row) -> bool:
    phones = [_digits(row.value["phone"]) for row in (one, other)]
    if len(phones[0]) >= 7 and phones[0] == phones[1]:
        return True
    first, second = (_bare_local(row.value["email"] or "") for row in (one, other))
    return bool(first) and first == second


def _digits(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isdigit())


def _bare_local(address: str) -> str:
    return "".join(c for c in address.partition("@")[0].partition("+")[0] if c.isalnum())


def _take(into: dict[str, Any], other: dict[str, Any], *, is_later_better: bool) -> set[str]:
    """Fill and join `into` from a later row; the names of the fields where the two say different things."""
    differing = set()
    for key, value in other.items():
        mine = into[key]
        if not value or value == mine:
            continue
        if key == "roles":
            into[key] = [role for role in words.ROLES if role in mine or role in value]
        elif not mine or is_later_better:
            into[key] = deepcopy(value)
        if mine:
            differing.add(key)
    return differing
