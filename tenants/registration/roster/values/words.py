"""Values that are one of a few words: role, mode, gender, grade."""

import re
from functools import lru_cache

from tenants.registration.roster.problems import Group, Read, assumed, refused
from tenants.registration.roster.writing import fold

MENTOR, MENTEE = "mentor", "mentee"
ROLES = (MENTOR, MENTEE)
MODES = ("individual", "group", "both")
GENDERS = ("F", "M", "X")


def _table(**names: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Folded name -> (value, the exact writings)."""
    table: dict[str, tuple[str, frozenset[str]]] = {}
    for value, listed in names.items():
        exact = [name.strip() for name in listed.split("|")]
        for name in exact:
            # Of two names that fold alike the first is the usual word: mentor, mentör.
            _, writings = table.setdefault(fold(name), (value, frozenset()))
            table[fold(name)] = (table[fold(name)][0], writings | {name, name.capitalize(), name.title()})
    return table


_ROLES = _table(
    mentor="""mentor | a mentor | mentors | mentora | mentorin | mentore | mentrice | mentora/o | marraine | parrain | tutrice | tuteur | موجه | موجهة | مرشد | مرشدة |
        ментор | наставник | наставница | mentorka | mentori | 导师 | coach | mentoring giver | mshauri""",
    mentee="""mentee | a mentee | mentees | menti | mentorée | mentoré | mentoree | mentorado | mentorada | filleule | filleul | متدرب | متدربة | مسترشد | مسترشدة |
        менти | подопечный | подопечная | наставляемый | наставляемая | mentija | mentijka | štićenica | štićenik | protegé | protégée | mentorand | mentorin gesucht | 学员""",
    both="""both | both roles | mentor and mentee | mentee and mentor | mentor & mentee | mentor or mentee | mentor mentee | mentee mentor | les deux | l'une et l'autre | كلاهما |
        الاثنان | ambos | ambas | las dos | los dos | обе | оба | и то и другое | обе роли | begge | begge dele | begge roller | mentor og mentee | mentee og mentor | beide | beides | oboje | oba | obje | entrambi | ikisi de | 两者 | wote""",
)  # fmt: skip
_MODES = _table(
    individual="""individual | one to one | one-to-one | 1:1 | 1-1 | 1 on 1 | one on one | individuel | individuelle | en individuel | seul | فردي | individualmente | индивидуально |
        индивидуальный | individuel | individuelt | alene | en til en | i et par | einzeln | individuell | individualno | pojedinačno | bireysel""",
    group="""group | groups | in a group | circle | groupe | en groupe | collectif | جماعي | مجموعة | grupo | grupal | en grupo | группа | в группе | групповой | gruppe |
        i gruppe | i en gruppe | cirkel | in der gruppe | grupa | grupno | u grupi | grup""",
    both="""both | either | any | no preference | individual or group | individual and group | les deux | peu importe | كلاهما | ambos | ambas | los dos | cualquiera | оба | любой |
        все равно | begge | begge dele | begge dele er fint | ligegyldigt | individuelt eller gruppe | beides | beide | egal | oboje | svejedno | ikisi de""",
)  # fmt: skip
_GENDERS = _table(
    F="""f | w | k | ž | female | woman | women | femme | féminin | femelle | أنثى | امرأة | mujer | femenino | женский | ж | женщина | kvinde | frau | weiblich | žena | žensko | ženski | mulher | feminino | kadın | 女""",
    M="""m | male | man | men | homme | masculin | ذكر | رجل | hombre | masculino | мужской | м | мужчина | mand | mann | männlich | muškarac | muško | muški | homem | erkek | 男""",
    X="""x | d | non-binary | nonbinary | non binary | other | another | diverse | non-binaire | autre | no binario | otro | otra | другой | andet | divers | drugo | ostalo""",
    none="""prefer not to say | not stated | n/a | na | no answer | unknown | ne souhaite pas répondre | non précisé | prefiero no decirlo | не указано | ønsker ikke at svare | vil helst ikke svare | ikke oplyst |
        keine angabe | ne želim odgovoriti | لا أرغب في الإجابة""",
)  # fmt: skip


def _look_up(text: str, table: dict[str, tuple[str, frozenset[str]]]) -> tuple[str | None, bool]:
    """The value, and whether `text` is written exactly as usual."""
    if (found := table.get(fold(text))) is None:
        return None, False
    return found[0], text in found[1]


@lru_cache(maxsize=2_000)
def role(text: str) -> Read:
    """A list of roles; 'Both' is two."""
    value, is_exact = _look_up(text, _ROLES)
    if value is None:
        # "Mentor (twice a month)", "I'd like to be a mentee": the words decide where they agree.
        words = {_ROLES[word][0] for word in fold(text).split() if word in _ROLES}
        if not words or len(words) == 3:
            return Read(None, (refused("unknown_role", Group.ROLES, text, expected=[*ROLES, "both"]),))
        value = words.pop() if len(words) == 1 else "both"
    roles = list(ROLES) if value == "both" else [value]
    if is_exact:
        return Read(roles)
    return Read(roles, (assumed("role_read_as", Group.ROLES, text, read_as=roles),))


@lru_cache(maxsize=2_000)
def mode(text: str) -> Read:
    value, is_exact = _look_up(text, _MODES)
    if value is None:
        return Read(None, (refused("unknown_mode", Group.WORDS, text, expected=list(MODES)),))
    return (
        Read(value) if is_exact else Read(value, (assumed("mode_read_as", Group.WORDS, text, read_as=value),))
    )


@lru_cache(maxsize=2_000)
def gender(text: str) -> Read:
    """F, M, X, or None where nobody needs to know: a word we do not know is never a reason to refuse a person."""
    value, _ = _look_up(text, _GENDERS)
    if value is None:
        return Read(None, (assumed("unknown_gender", Group.WORDS, text, expected=list(GENDERS)),))
    return Read(None if value == "none" else value)


_GRADE = re.compile(r"(NO|ICS|IPSA|FS|SB|GS|[PDGLS])[ .\-‐–/]*([0-9]{1,2}|[A-D])", re.IGNORECASE)


@lru_cache(maxsize=2_000)
def grade(text: str) -> Read:
    """Grades of the United Nations system in one writing (P-3, p 3 -> P3); any other is kept as it stands."""
    if match := _GRADE.fullmatch(text):
        return Read(f"{match[1]}{match[2]}".upper())
    return Read(text)


def looks_like_grade(text: str) -> bool:
    return bool(_GRADE.fullmatch(text))
