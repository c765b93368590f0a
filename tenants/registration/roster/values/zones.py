"""Time zones: IANA names, and what people write instead of them."""

import re
from functools import cache, lru_cache

from babel.core import get_global

from infra import clock
from infra.language.passing import passing
from tenants.registration.roster.problems import Group, Read, assumed, refused
from tenants.registration.roster.writing import fold

_LOCALES = ("en", "fr", "ar", "es", "ru", "da", "de", "bs", "pt", "tr", "uk")
# Where one abbreviation names several zones, the one with most people that a programme of ours has met.
_ABBREVIATIONS = {
    "utc": "Etc/UTC", "gmt": "Etc/GMT", "z": "Etc/UTC", "zulu": "Etc/UTC", "cet": "Europe/Brussels", "cest": "Europe/Brussels",
    "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "eet": "Europe/Athens", "eest": "Europe/Athens", "wet": "Europe/Lisbon", "west": "Europe/Lisbon",
    "bst": "Europe/London", "msk": "Europe/Moscow", "trt": "Europe/Istanbul", "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "cst": "America/Chicago", "cdt": "America/Chicago", "mst": "America/Denver", "mdt": "America/Denver", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires", "bot": "America/La_Paz",
    "cat": "Africa/Maputo", "eat": "Africa/Nairobi", "wat": "Africa/Lagos", "sast": "Africa/Johannesburg", "pkt": "Asia/Karachi", "npt": "Asia/Kathmandu",
    "ict": "Asia/Bangkok", "wib": "Asia/Jakarta", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "jst": "Asia/Tokyo", "kst": "Asia/Seoul",
    "awst": "Australia/Perth", "acst": "Australia/Darwin", "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland", "met": "Europe/Brussels", "hst": "Pacific/Honolulu",
}  # fmt: skip
# The offsets without a whole hour have no Etc/ zone; each belongs to one country, or to one with far more people.
_PARTIAL_HOURS = {
    -570: "Pacific/Marquesas", -210: "America/St_Johns", 210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu",
    390: "Asia/Yangon", 525: "Australia/Eucla", 570: "Australia/Darwin", 630: "Australia/Lord_Howe", 765: "Pacific/Chatham",
}  # fmt: skip
_CITIES = {
    "geneva": "Europe/Zurich", "geneve": "Europe/Zurich", "genf": "Europe/Zurich", "washington": "America/New_York", "washington dc": "America/New_York",
    "beijing": "Asia/Shanghai", "pekin": "Asia/Shanghai", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata",
    "kyiv": "Europe/Kyiv", "kiev": "Europe/Kyiv", "aarhus": "Europe/Copenhagen", "odense": "Europe/Copenhagen", "mostar": "Europe/Sarajevo",
    "tuzla": "Europe/Sarajevo", "zenica": "Europe/Sarajevo", "banja luka": "Europe/Sarajevo", "den haag": "Europe/Amsterdam", "the hague": "Europe/Amsterdam",
    "montreal": "America/Toronto", "ottawa": "America/Toronto", "san francisco": "America/Los_Angeles", "boston": "America/New_York", "ankara": "Europe/Istanbul",
    "islamabad": "Asia/Karachi", "goma": "Africa/Lubumbashi", "bonn": "Europe/Berlin", "munich": "Europe/Berlin", "lyon": "Europe/Paris",
    "barcelona": "Europe/Madrid", "milan": "Europe/Rome", "nyc": "America/New_York", "cet": "Europe/Brussels",
}  # fmt: skip
_OFFSET = re.compile(
    r"(?:UTC|GMT|Z|TU)?\s*([+\-−–±])\s*([0-9]{1,2})(?:[:.h]?([0-9]{2}))?\s*(?:h|hrs|hours|heures)?",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\((?:UTC|GMT)?[^()]{0,12}\)")


@cache
def _iana() -> dict[str, str]:
    return {
        name.casefold(): name
        for name in clock.zones()
        if "/" in name and not name.startswith(("posix", "right"))
    }


@cache
def _places() -> dict[str, str]:
    """Cities in our languages, countries with one zone, and Windows' names, folded."""
    places: dict[str, str] = {}
    for name in sorted(_iana().values(), key=lambda name: (name.startswith("Etc"), -name.count("/"), name)):
        if not name.startswith("Etc"):
            places.setdefault(fold(name.rpartition("/")[2]), name)
    territories: dict[str, list[str]] = {}
    for zone, territory in get_global("zone_territories").items():
        territories.setdefault(territory, []).append(zone)
    for code in _LOCALES:
        with passing(code) as locale:
            for zone, names in locale.time_zones.items():
                if "city" in names and zone.casefold() in _iana():
                    places.setdefault(fold(names["city"]), zone)
            for territory, zones in territories.items():
                if (
                    len(zones) == 1
                    and zones[0].casefold() in _iana()
                    and (country := locale.territories.get(territory))
                ):
                    places.setdefault(fold(country), zones[0])
    for windows, zone in get_global("windows_zone_mapping").items():
        if zone.casefold() in _iana():
            places.setdefault(fold(windows), zone)
    return places | _CITIES


@lru_cache(maxsize=4_000)
def time_zone(text: str) -> Read:
    """An IANA name. What stands there instead is read where it can only mean one zone or commonly means one."""
    text = text[:200]
    if (name := _iana().get(text.casefold())) is not None:
        return Read(name) if name == text else _read("time_zone_read_as", text, name)
    if match := _OFFSET.fullmatch(text.strip("() ")):
        return _from_offset(text, match)
    slashed = re.sub(r"(?<!\s)\s*[/\\]\s*", "/", text).replace(" ", "_").casefold()
    for code, found in (
        ("time_zone_from_abbreviation", _ABBREVIATIONS.get(fold(text))),
        ("time_zone_read_as", _iana().get(slashed)),
        ("time_zone_from_place", _place(text)),
    ):
        if found is not None:
            return Read(found) if text == "UTC" else _read(code, text, found)
    return Read(None, (refused("unknown_time_zone", Group.TIME_ZONES, text),))


def _read(code: str, text: str, name: str) -> Read:
    return Read(name, (assumed(code, Group.TIME_ZONES, text, read_as=name),))


def _from_offset(text: str, match: re.Match[str]) -> Read:
    sign = -1 if match[1] in "-−–" else 1
    minutes = sign * (int(match[2]) * 60 + int(match[3] or 0))
    hours, rest = divmod(minutes, 60)
    if rest:
        name = _PARTIAL_HOURS.get(minutes)
    else:
        # POSIX counts westwards, so the zone east of Greenwich has the minus sign.
        name = ("Etc/UTC" if hours == 0 else f"Etc/GMT{-hours:+d}") if -12 <= hours <= 14 else None
    if name is None:
        return Read(None, (refused("unknown_time_zone", Group.TIME_ZONES, text),))
    found = assumed("time_zone_from_offset", Group.TIME_ZONES, text, read_as=name, has_summer_time=False)
    return Read(name, (found,))


def _place(text: str) -> str | None:
    """'Sarajevo', 'Vienna time', '(UTC+01:00) Sarajevo, Skopje', 'Bosnia (Sarajevo)'."""
    if whole := _places().get(fold(text)):
        return whole
    bare = _BRACKET.sub(" ", text)
    for part in re.split(r"[,;/()|]", bare):
        words = re.sub(r"\b(?:time|zone|heure|heure de|hora|vrijeme|zeit|tid)\b", " ", fold(part)).strip()
        if zone := _places().get(words):
            return zone
    return None
