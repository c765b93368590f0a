"""One row's cells become values: tidied, corrected, replaced by choice, read."""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tenants.registration.roster.choices import Choices
from tenants.registration.roster.fields import EXPECTED, LONGEST, LONGEST_OTHER, OBLIGATORY, Field
from tenants.registration.roster.headers import LISTS
from tenants.registration.roster.problems import GROUP_OF, Finding, Group, Read, Severity, assumed, refused
from tenants.registration.roster.rows import Places, Row
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.values import contact, dates, lists, numbers, tongues, words, zones
from tenants.registration.roster.values.lists import Known
from tenants.registration.roster.writing import letters_lost, one_line, repaired, tidy, unmarked

_FORMULA = re.compile(r"[=+\-@＝＋－＠][A-Za-z]{2,}[A-Za-z0-9._]*\(|=")


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that reading a row depends on, beside the row."""

    sheet: Sheet
    places: Places
    choices: Choices
    topics: Known
    units: Known
    dates: dates.Convention

    def row(self, number: int, cells: list[str]) -> Row:
        row = Row(number, cells, {of.value: [] if of in LISTS else None for of in Field})
        for of, text, findings in self._texts(number, cells):
            read = self._value(of, text) if text else Read(None)
            self._put(row, of, read, findings)
        self._whole_row(row)
        return row

    def _texts(self, number: int, cells: list[str]) -> Iterable[tuple[Field, str, list[Finding]]]:
        """Each mapped field once, with its tidied text; list fields join their columns."""
        corrected = self.choices.rows.get(number, {})
        texts: dict[Field, tuple[str, list[Finding]]] = {}
        for column, of in self.places.columns:
            if of in corrected:
                continue
            raw = cells[column] if column < len(cells) else ""
            text, findings = self._tidied(number, column, of, raw)
            if of in texts:
                earlier, said = texts[of]
                text, findings = "; ".join(filter(None, (earlier, text))), said + findings
            texts[of] = (text, findings)
        for of, correction in corrected.items():
            texts[of] = (tidy(correction), [])
        return [(of, text, findings) for of, (text, findings) in texts.items()]

    def _tidied(self, number: int, column: int, of: Field, raw: str) -> tuple[str, list[Finding]]:
        findings = []
        text = tidy(raw)
        if text != raw and text and of is not Field.MOTIVATION:
            findings.append(assumed("spaces_removed", Group.WRITING, raw))
        text = unmarked(text)
        formula = self.sheet.formulas.get((number, column)) if self.sheet.formulas else None
        if formula is not None:
            if text:
                findings.append(assumed("formula_cell", Group.FORMULAS, text, formula=formula[:200]))
            else:
                found = refused("formula_without_value", Group.FORMULAS, formula, formula=formula[:200])
                findings.append(found)
        return text, findings

    def _put(self, row: Row, of: Field, read: Read, findings: list[Finding]) -> None:
        value, decided = self._decided(of, read.value, [*findings, *read.findings])
        # Read values are shared between rows by the caches of `values`; a list that may be changed must be a row's own.
        row.value[of.value] = deepcopy(value or []) if of in LISTS else value
        row.problems += [self.places.problem(row.number, of, finding) for finding in decided]

    def _value(self, of: Field, text: str) -> Read:
        limit = LONGEST.get(of, LONGEST_OTHER)
        if len(text) > limit:
            if self.choices.decision(Group.TOO_LONG) != "cut" or of in (Field.EMAIL, Field.SUPERVISOR_EMAIL):
                return Read(None, (refused("too_long", Group.TOO_LONG, text, length=len(text), limit=limit),))
            cut = assumed("cut", Group.TOO_LONG, text, length=len(text), limit=limit)
            read = self._read(of, text[:limit])
            return Read(read.value, (cut, *read.findings))
        replaced = self._replaced(of, text)
        if replaced is None:
            return self._read(of, text)
        group = GROUP_OF.get(of, Group.WORDS)
        if not replaced:
            return Read(None, (assumed("left_out", group, text, problem=None),))
        read = self._read(of, replaced)
        return Read(read.value, (assumed("read_by_choice", group, text, read_as=replaced), *_refusals(read)))

    def _replaced(self, of: Field, text: str) -> str | None:
        """The text after the coordinator's readings, item by item in a list; None where none applies."""
        if of not in self.choices.readings:
            return None
        if (whole := self.choices.reading(of, text)) is not None or of not in LISTS:
            return whole
        items = tongues.split(text)[0] if of is Field.LANGUAGES else lists.split_topics(text, self.topics)
        chosen = [self._item(of, item) for item in items]
        return "; ".join(filter(None, chosen)) if chosen != items else None

    def _item(self, of: Field, item: str) -> str:
        """'BCMS (fluent)' keeps its level when BCMS is read as something else."""
        name, bracket, level = item.partition("(")
        if (whole := self.choices.reading(of, item)) is not None:
            return whole
        if (bare := self.choices.reading(of, name)) is None:
            return item
        return "; ".join(
            f"{part.strip()} {bracket}{level}".strip() for part in bare.split(";") if part.strip()
        )

    def _read(self, of: Field, text: str) -> Read:
        match of:
            case Field.TOPICS_OFFERED | Field.TOPICS_WANTED:
                return lists.topics(text, self.topics)
            case Field.ORGANISATION_UNIT:
                return self._unit(text)
            case Field.DATE:
                return dates.date(text, self.dates)
            case _:
                return _BY_TEXT_ALONE[of](text)

    def _unit(self, text: str) -> Read:
        read = lists.unit(text, self.units)
        if read.findings and self.choices.decision(Group.UNITS) == "create":
            return Read(one_line(text), (assumed("kept", Group.UNITS, text, problem="unknown_unit"),))
        return read

    def _decided(self, of: Field, value: Any, findings: list[Finding]) -> tuple[Any, list[Finding]]:
        """Apply the decision on each refusal's group: accept the suggestion, keep, or leave the value out."""
        kept: list[Finding] = []
        for finding in findings:
            decision = self.choices.decision(finding.group)
            if finding.severity is not Severity.REFUSED:
                kept.append(finding)
            elif decision == "accept" and finding.suggestion is not None:
                read = self._read(of, finding.suggestion)
                facts = {"read_as": finding.suggestion, "problem": finding.code}
                value = read.value
                kept += [assumed("suggestion_taken", finding.group, finding.found, **facts), *_refusals(read)]
            elif decision == "keep" and value is not None:
                kept.append(assumed("kept", finding.group, finding.found, problem=finding.code))
            elif decision == "leave_out" and of not in OBLIGATORY:
                # Of a list the items that we could read stay.
                value = value if of in LISTS else None
                kept.append(assumed("left_out", finding.group, finding.found, problem=finding.code))
            else:
                kept.append(finding)
        return value, kept

    def _whole_row(self, row: Row) -> None:
        value, mapped = row.value, {of for _, of in self.places.columns}
        roles = value.pop(Field.ROLE.value)
        value["roles"] = list(roles or [])
        value["phone_e164"] = contact.international(value["phone"]) if value["phone"] else None
        given, family = value.pop("given_name"), value.pop("family_name")
        if not value["full_name"] and given and family:
            value["full_name"] = f"{given} {family}"
            self._say(
                row, Field.GIVEN_NAME, assumed("name_joined", Group.NAMES, given, read_as=value["full_name"])
            )
            mapped.add(Field.FULL_NAME)
        present = {problem.field for problem in row.problems if problem.severity is Severity.REFUSED}
        for of in (Field.FULL_NAME, Field.EMAIL, Field.ROLE):
            if not (roles if of is Field.ROLE else value[of.value]) and of not in present:
                self._say(row, of, refused("missing", Group.MISSING, ""))
        for of in EXPECTED:
            if (
                of in mapped
                and not value[of.value]
                and not any(problem.field is of for problem in row.problems)
            ):
                self._say(row, of, assumed("expected_missing", Group.MISSING, ""))
        if roles == [words.MENTEE]:
            self._ignore_capacity(row)
        if roles and len(roles) == 1:
            self._doubt_role(row, roles[0])
        if value["email"] and value["supervisor_email"] == value["email"]:
            self._say(row, Field.SUPERVISOR_EMAIL, assumed("own_supervisor", Group.EMAILS, value["email"]))
            value["supervisor_email"] = None

    def _doubt_role(self, row: Row, role: str) -> None:
        """A mentee who offers topics and wants none may be a mentor with a slip in one cell."""
        offered, wanted = bool(row.value["topics_offered"]), bool(row.value["topics_wanted"])
        if (role == words.MENTEE and offered and not wanted) or (
            role == words.MENTOR and wanted and not offered
        ):
            self._say(row, Field.ROLE, assumed("role_doubtful", Group.ROLES, role, role=role))

    def _ignore_capacity(self, row: Row) -> None:
        """A mentee's number of mentees means nothing, right or wrong."""
        said = [problem for problem in row.problems if problem.field is Field.CAPACITY]
        found = said[0].found if said else row.value["capacity"]
        if found is None:
            return
        row.problems = [problem for problem in row.problems if problem.field is not Field.CAPACITY]
        row.value["capacity"] = None
        self._say(row, Field.CAPACITY, assumed("capacity_ignored", Group.NUMBERS, str(found)))

    def _say(self, row: Row, of: Field | None, finding: Finding) -> None:
        row.problems.append(self.places.problem(row.number, of, finding))


def _refusals(read: Read) -> list[Finding]:
    return [finding for finding in read.findings if finding.severity is Severity.REFUSED]


def free_text(text: str) -> Read:
    """Text that nobody computes with. What begins like a formula stays text here and in every file we write."""
    findings: list[Finding] = []
    if (mended := repaired(text)) is not None:
        findings.append(assumed("letters_mended", Group.LOST_LETTERS, text, read_as=mended[:80]))
        text = mended
    if letters_lost(text) == "all" or "???" in text:
        findings.append(assumed("letters_lost", Group.LOST_LETTERS, text))
    if _FORMULA.match(text):
        findings.append(assumed("formula_as_text", Group.FORMULAS, text))
    return Read(text, tuple(findings))


_BY_TEXT_ALONE: dict[Field, Callable[[str], Read]] = {
    Field.FULL_NAME: contact.name,
    Field.GIVEN_NAME: contact.name,
    Field.FAMILY_NAME: contact.name,
    Field.EMAIL: contact.email,
    Field.SUPERVISOR_EMAIL: contact.email,
    Field.ROLE: words.role,
    Field.MODE: words.mode,
    Field.GENDER: words.gender,
    Field.GRADE: words.grade,
    Field.TIME_ZONE: zones.time_zone,
    Field.LANGUAGES: tongues.languages,
    Field.CAPACITY: numbers.capacity,
    Field.EXPERIENCE_YEARS: numbers.experience,
    Field.PHONE: contact.phone,
    Field.EXCLUSIONS: lists.exclusions,
    Field.MOTIVATION: free_text,
    Field.REGION: free_text,
    Field.SECTOR: free_text,
}
