"""
The guide of an interview on the page of its record: the questions in their order, what she said to each, and room for
more questions on the spot. Any may be left out, and answered in any order (K16).

Fields: `a_<key>` are answers to the guide's questions; `q_<section>.<n>` and `a_<section>.<n>` a question that came up
in a section, and its answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenants.interviews import talk
from tenants.interviews.talk import Said
from tenants.programmes import guides
from tenants.programmes.guide_starters import SECTIONS
from tenants.programmes.guides import Guide
from tenants.programmes.models import Programme
from web.door import Door

Asked = Sequence[tuple[str, Sequence[tuple[str, str]]]]
NO_GUIDE: Asked = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the talk. `record` is the field in which it is summed up, if that is here."""

    name: str
    title: str
    asked: Sequence[tuple[str, str]]
    own: Sequence[str]  # places of questions on the spot, the last one empty
    record: str = ""


async def asked(door: Door, programme: Programme, role: str) -> Asked:
    """The questions of now, in the reader's language."""
    found: Guide = await guides.of_programme(door.session, programme, role)
    return guides.asked(found, door.language, programme.languages)


def parts(asked: Asked, values: Mapping[str, Any], sections: Sequence[str]) -> list[Part]:
    """
    The talk section by section, and then what of the record (`sections`) no part of it leads to.

    Answers to questions that the guide has lost meanwhile stand among those on the spot.
    """
    made, summed = [], set[str]()
    named = dict(asked)
    for name in SECTIONS:
        own = _own(values, name)
        if name not in named and not own:
            continue
        record = SECTIONS[name][1]
        record = record if record in sections else ""
        summed.add(record)
        blank = f"{name}.{1 + max((_number(one) for one in own), default=0)}"
        made.append(Part(name, guides.section_name(name), named.get(name, ()), [*own, blank], record))
    return made + [Part("", "", (), (), one) for one in sections if one not in summed]


def typed(asked: Asked, filled: Mapping[str, str]) -> str:
    """
    What was filled in, as the field of the record.

    Raises:
        Invalid: something too long.
    """
    found = []
    for name in SECTIONS:
        for key, question in dict(asked).get(name, ()):
            if answer := filled.get(f"a_{key}", "").strip():
                found.append(Said(name, question, answer, key))
        for place in _own(filled, name):
            question, answer = filled.get(f"q_{place}", "").strip(), filled.get(f"a_{place}", "").strip()
            if question or answer:
                found.append(Said(name, question, answer))
    # The guide may have lost a question while she wrote: what was said to it stays.
    known = {f"a_{key}" for _name, questions in asked for key, _text in questions}
    lost = [name for name in filled if name.startswith("a_") and "." not in name and name not in known]
    found += [Said("others", "", answer) for name in lost if (answer := filled[name].strip())]
    return talk.pack(found)


def values(asked: Asked, packed: str) -> dict[str, str]:
    """What was kept, as the fields of the page."""
    known = {key for _name, questions in asked for key, _text in questions}
    kept = [
        one if one.key in known else Said(one.section, one.question, one.answer)
        for one in talk.unpack(packed)
    ]
    found = {}
    for one, place in zip(kept, talk.places(kept), strict=True):
        found[f"a_{place}"] = one.answer
        if not one.key:
            found[f"q_{place}"] = one.question
    return found


def shown(packed: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """By section, question and answer, for whoever reads."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for one in talk.unpack(packed):
        sections.setdefault(one.section, []).append((one.question, one.answer))
    return [(guides.section_name(name), said) for name, said in sections.items() if name in SECTIONS]


def _own(values: Mapping[str, Any], section: str) -> list[str]:
    """The places of questions on the spot in a section that hold anything, in their order."""
    beginnings = (f"q_{section}.", f"a_{section}.")
    found = {
        name[2:]
        for name in values
        if name.startswith(beginnings) and _number(name) and str(values[name]).strip()
    }
    return sorted(found, key=_number)


def _number(place: str) -> int:
    text = place.rpartition(".")[2]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
