"""Names, e-mail addresses and telephone numbers."""

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from tenants.registration.roster.problems import Finding, Group, Read, assumed, refused
from tenants.registration.roster.writing import folded, letters_lost, one_line, repaired

_PLAIN = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,24}"
)
_FOUND = re.compile(r"[^\s@<>;,\"()\[\]]{1,64}@[^\s@<>;,\"()\[\]]{1,190}")
# `(?<!\s)`: spaces are looked at from their first one on, not from each of them anew.
_AT = re.compile(
    r"(?<!\s)(?:\s*[(\[{<]\s*(?:at|a|arobase|ät|et|في)\s*[)\]}>]\s*|\s+(?:at|arobase)\s+|\s*@\s*)",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"(?<!\s)(?:\s*[(\[{]\s*(?:dot|point|punkt|punto|tačka)\s*[)\]}]\s*|\s+(?:dot|point|punkt|punto)\s+)",
    re.IGNORECASE,
)
# The everyday slips of large providers' names; no correction is made, only suggested.
_SLIPS = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmail.co": "gmail.com", "gmail.con": "gmail.com", "gnail.com": "gmail.com",
    "hotmial.com": "hotmail.com", "hotmail.con": "hotmail.com", "yaho.com": "yahoo.com", "yahoo.con": "yahoo.com", "outlok.com": "outlook.com",
}  # fmt: skip
_RESERVED_FOR_TESTS = ("local", "localhost", "test", "invalid")


def name(text: str) -> Read:
    """
    A person's name on one line, as she writes it: no case is changed and no title is taken away.

    A formula is no name; nor is a number, an address or a row of question marks.
    """
    if text.startswith("=") or re.match(r"[+@-]\w+\(", text):
        return Read(None, (refused("formula_as_name", Group.FORMULAS, text),))
    found = one_line(text)
    findings: list[Finding] = []
    if (mended := repaired(found)) is not None:
        findings.append(assumed("letters_mended", Group.LOST_LETTERS, found, read_as=mended))
        found = mended
    lost = letters_lost(found)
    if lost == "all":
        return Read(found, (refused("name_lost", Group.LOST_LETTERS, found),))
    if lost == "some":
        findings.append(assumed("letters_lost", Group.LOST_LETTERS, found))
    if not any(c.isalpha() for c in found):
        return Read(None, (refused("not_a_name", Group.NAMES, found),))
    if "@" in found and _FOUND.search(found):
        return Read(None, (refused("not_a_name", Group.NAMES, found),))
    return Read(found, tuple(findings))


def email(text: str) -> Read:
    """
    An address as it will be written to and compared: without display name, in small letters.

    Nobody is asked over the network. What is merely wrapped (mailto:, angle
    brackets, full-width signs) is unwrapped and said; what had to be invented
    ("at" for @) is suggested and refused, since a letter to the wrong person
    cannot be taken back.
    """
    if _PLAIN.fullmatch(text) and len(text) <= 254 and text.rpartition(".")[2] not in _RESERVED_FOR_TESTS:
        return _perhaps_slipped(text, text)
    wide = unicodedata.normalize("NFKC", text[:1_000])
    addresses = list(dict.fromkeys(found.rstrip(".").lower() for found in _FOUND.findall(_unwrapped(wide))))
    good = [valid for address in addresses if (valid := _valid(address))]
    if len(good) > 1:
        return Read(None, (refused("several_emails", Group.EMAILS, text, good[0], addresses=good[:5]),))
    if len(good) == 1 and len(addresses) == 1 and _is_only_wrapped(_unwrapped(wide), addresses[0]):
        return _perhaps_slipped(text, good[0])
    return Read(None, (refused("email_wrong", Group.EMAILS, text, _suggested(wide)),))


def _unwrapped(text: str) -> str:
    return re.sub(r"(?i)^\s*(?:mailto|e-?mail|courriel)\s*:\s*", "", text).strip(" \t\r\n'\"")


def _is_only_wrapped(text: str, address: str) -> bool:
    """`address` alone, in brackets or quotation marks, or after a display name."""
    bare = text.strip().rstrip(".,;").strip("<>\"'()[] ").lower()
    return bare == address or bool(re.fullmatch(r"[^@<>]{0,200}<[^@<>]+@[^<>]+>", text.strip()))


def _perhaps_slipped(text: str, address: str) -> Read:
    local, _, domain = address.rpartition("@")
    if domain in _SLIPS:
        return Read(
            None, (refused("email_misspelt", Group.EMAILS, text, f"{local}@{_SLIPS[domain]}", domain=domain),)
        )
    if address == text:
        return Read(address)
    return Read(address, (assumed("email_tidied", Group.WRITING, text, read_as=address),))


def _valid(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=True).normalized.lower()
    except (EmailNotValidError, ValueError):
        return None


def _suggested(text: str) -> str | None:
    """What was probably meant, if that would be an address."""
    guess = _DOT.sub(".", _AT.sub("@", _unwrapped(text), count=1))
    local, at, domain = guess.strip("<>\"' .,;").partition("@")
    if not at or len(guess) > 300:
        return None
    domain = re.sub(r"[,;]|\.{2,}", ".", re.sub(r"\s+", "", domain))
    return _valid(
        f"{re.sub(r'[.]{2,}', '.', re.sub(chr(92) + 's+', '', local)).strip('.')}@{domain.strip('.')}".lower()
    )


def phone(text: str) -> Read:
    """
    The number as it stands, and as E.164 where it begins with a country's code and could be real.

    A national number is left alone: whose nation it is cannot be known.
    """
    if sum(c.isdigit() for c in text) < 5 or len(text) > 60:
        return Read(one_line(text), (assumed("phone_odd", Group.PHONES, text),))
    return Read(one_line(text))


def international(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text[:60])
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if not plain.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(re.sub(r"\(0\)", "", plain))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def name_key(text: str) -> str:
    """The same for 'Softić Hatidža' and 'HATIDZA SOFTIC': words in order of the alphabet."""
    return " ".join(sorted(folded(text).split()))
