"""Languages with levels: 'English (working); Danish (basic)', 'EN/FR', 'francuski - tečno'."""

import re
from functools import cache, lru_cache

import pycountry

from infra.language.passing import passing
from tenants.registration.roster.problems import Finding, Group, Read, assumed, refused
from tenants.registration.roster.writing import fold

_LOCALES = (
    "en",
    "fr",
    "ar",
    "es",
    "ru",
    "da",
    "de",
    "bs",
    "hr",
    "sr",
    "pt",
    "tr",
    "uk",
    "nl",
    "it",
    "id",
    "sw",
    "zh",
    "fa",
    "sq",
)
LEVELS = ("basic", "working", "fluent", "native")
_LEVEL_NAMES = {
    "basic": """basic | beginner | elementary | a1 | a2 | limited | some | débutant | débutante | notions | élémentaire | de base | básico | elemental | базовый |
        начальный | grundlæggende | begynder | lidt | grundkenntnisse | anfänger | osnovno | osnovni | početni | مبتدئ | أساسي | 1""",
    "working": """working | intermediate | b1 | b2 | good | conversational | professional | working knowledge | intermédiaire | professionnel | moyen | bon | intermedio |
        средний | рабочий | хорошо | mellem | mellemniveau | arbejdssprog | rimeligt | godt | gut | mittel | srednje | srednji | dobro | متوسط | جيد | 2""",
    "fluent": """fluent | advanced | c1 | c2 | very good | excellent | proficient | full professional | courant | couramment | avancé | bilingue | fluido | avanzado | свободно |
        свободный | flydende | meget godt | avanceret | fließend | verhandlungssicher | tečno | odlično | napredni | بطلاقة | طليق | ممتاز | متقدم | 3""",
    "native": """native | mother tongue | native speaker | first language | bilingual | langue maternelle | maternelle | natif | native | nativo | nativa | lengua materna | materna | родной |
        modersmål | første sprog | muttersprache | muttersprachlich | maternji | materinji | اللغة الأم | الأم | 4""",
}  # fmt: skip
_LEVELS = {fold(name): level for level, names in _LEVEL_NAMES.items() for name in names.split("|")}
# Names that stand for several languages, which only a person can decide.
_SEVERAL = {
    "bcms": ("bs", "hr", "cnr", "sr"), "bcs": ("bs", "hr", "sr"), "bhs": ("bs", "hr", "sr"), "bhsc": ("bs", "hr", "sr", "cnr"), "b c s": ("bs", "hr", "sr"),
    "serbo croatian": ("sr", "hr", "bs", "cnr"), "srpskohrvatski": ("sr", "hr", "bs", "cnr"), "yugoslav": ("bs", "hr", "mk", "sl", "sr"),
    "sh": ("sr", "hr", "bs", "cnr"), "kurdish dialect": ("ku", "ckb"),
}  # fmt: skip
_ALIASES = {
    "farsi": "fa", "dari": "prs", "mandarin": "zh", "mandarin chinese": "zh", "putonghua": "zh", "cantonese": "yue", "castellano": "es", "castilian": "es",
    "filipino": "fil", "tagalog": "fil", "bahasa": "id", "bahasa indonesia": "id", "kiswahili": "sw", "moldovan": "ro", "flemish": "nl", "bosanski": "bs",
    "bosniak": "bs", "crnogorski": "cnr", "montenegrin": "cnr", "uk english": "en", "american english": "en", "brazilian": "pt", "myanmar": "my",
    "persian": "fa", "anglais": "en", "dansk": "da", "kinyarwanda": "rw", "creole": "ht", "haitian creole": "ht", "sign language": "sgn", "gr": "el",
    "ua": "uk", "dk": "da", "cn": "zh", "jp": "ja", "se": "sv", "ba": "bs", "rs": "sr", "me": "cnr", "engl": "en", "eng": "en", "fre": "fr", "ger": "de",
}  # fmt: skip
_MADE_UP = {
    "tlh",
    "jbo",
    "vo",
    "ie",
    "mis",
    "mul",
    "und",
    "zxx",
    "root",
}  # CLDR names Klingon; nobody is mentored in it


@cache
def _names() -> dict[str, str]:
    names = dict(_ALIASES)
    for code in _LOCALES:
        with passing(code) as locale:
            for language, name in locale.languages.items():
                base = language.split("_")[0]
                if base not in _MADE_UP:
                    names.setdefault(fold(name), base)
    for language in pycountry.languages:
        if language.type == "L":
            code = getattr(language, "alpha_2", language.alpha_3)
            for name in (language.name, getattr(language, "common_name", language.name)):
                names.setdefault(fold(name), code)
    return names


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for language in pycountry.languages:
        short = getattr(language, "alpha_2", None)
        if short and short not in _MADE_UP:
            codes |= {short: short, language.alpha_3: short}
    return codes


@lru_cache(maxsize=8_000)
def one(text: str) -> tuple[str | None, str | None, bool, tuple[str, ...]]:
    """(ISO 639 code, level, whether the name was written out, the codes that an unclear name may mean)."""
    name, level = _apart(text)
    if name in _SEVERAL:
        return None, level, False, _SEVERAL[name]
    # En and Aka are languages, but EN is English; of three letters the name comes first.
    if len(name) == 2 and name not in _ALIASES and (code := _codes().get(name)) is not None:
        return code, level, False, ()
    if (code := _names().get(name)) is not None:
        return code, level, len(name) > 3 or not name.isascii(), ()
    if (code := _codes().get(name)) is not None:
        return code, level, False, ()
    return None, level, False, ()


def _apart(text: str) -> tuple[str, str | None]:
    """Name and level of 'Danish (basic)', 'Danish - basic', 'basic Danish', each folded."""
    name, _, inside = text.partition("(")
    if inside and (level := _LEVELS.get(fold(inside))):
        return fold(name), level
    words = fold(text[:200]).split()
    for size in (3, 2, 1):
        if len(words) > size:
            if level := _LEVELS.get(" ".join(words[-size:])):
                return " ".join(words[:-size]), level
            if level := _LEVELS.get(" ".join(words[:size])):
                return " ".join(words[size:]), level
    return " ".join(words), None


def split(text: str) -> tuple[list[str], bool]:
    """The items of the cell, and whether they stand apart in the usual way."""
    if re.search(r"[;|\n•]", text):
        return [item.strip() for item in re.split(r"[;|\n•]", text) if item.strip()], True
    if one(text)[0] or one(text)[3]:
        return [text], True
    items = [
        item.strip() for item in re.split(r"[,،、/+&]|\s(?:and|et|y|e|и|og|und|i|و)\s", text) if item.strip()
    ]
    return (items, len(items) == 1) if items else ([text], True)


@lru_cache(maxsize=8_000)
def languages(text: str) -> Read:
    """
    A list of `{"code", "level"}`, level None where none is stated; of one language twice the higher level stays.

    One name that we do not know refuses the cell: what a person speaks decides
    whom she meets, so nothing is left out in silence.
    """
    items, is_usual = split(text)
    levels: dict[str, str | None] = {}
    findings: list[Finding] = []
    for item in items:
        code, level, by_name, several = one(item)
        if several:
            findings.append(
                refused("language_unclear", Group.LANGUAGES, item, several[0], options=list(several))
            )
        elif code is None:
            findings.append(refused("unknown_language", Group.LANGUAGES, item))
        else:
            is_usual = is_usual and by_name and code not in levels
            levels[code] = max(
                levels.get(code), level, key=lambda known: LEVELS.index(known) if known else -1
            )
    value = [{"code": code, "level": level} for code, level in levels.items()]
    if findings:
        return Read(value, tuple(findings))
    without = [code for code, level in levels.items() if level is None]
    if not is_usual:
        return Read(
            value,
            (
                assumed(
                    "languages_read_as", Group.LANGUAGES, text, read_as=list(levels), without_level=without
                ),
            ),
        )
    if without:
        return Read(value, (assumed("language_without_level", Group.LANGUAGES, text, without_level=without),))
    return Read(value)
