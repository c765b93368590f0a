"""
Cities to choose a time zone by: one or more for every zone that people live in, since a list of all 400 weighs more
than a whole page may. The zone that somebody has already is always among them, and imports and the API take any.
"""

from infra import clock, language

ZONES = (
    "Africa/Abidjan", "Africa/Accra", "Africa/Addis_Ababa", "Africa/Algiers", "Africa/Cairo", "Africa/Casablanca",
    "Africa/Dakar", "Africa/Johannesburg", "Africa/Juba", "Africa/Khartoum", "Africa/Kinshasa", "Africa/Lagos",
    "Africa/Maputo", "Africa/Nairobi", "Africa/Tripoli", "Africa/Tunis",
    "America/Argentina/Buenos_Aires", "America/Bogota", "America/Caracas", "America/Chicago", "America/Denver",
    "America/Guatemala", "America/Guayaquil", "America/Havana", "America/La_Paz", "America/Lima",
    "America/Los_Angeles", "America/Mexico_City", "America/Montevideo", "America/New_York", "America/Panama",
    "America/Port-au-Prince", "America/Santiago", "America/Sao_Paulo", "America/Toronto",
    "Asia/Almaty", "Asia/Amman", "Asia/Baghdad", "Asia/Baku", "Asia/Bangkok", "Asia/Beirut", "Asia/Bishkek",
    "Asia/Colombo", "Asia/Damascus", "Asia/Dhaka", "Asia/Dubai", "Asia/Gaza", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong",
    "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kabul", "Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata",
    "Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore",
    "Asia/Tashkent", "Asia/Tbilisi", "Asia/Tehran", "Asia/Tokyo", "Asia/Ulaanbaatar", "Asia/Yangon", "Asia/Yerevan",
    "Atlantic/Cape_Verde", "Atlantic/Reykjavik", "Australia/Brisbane",
    "Australia/Perth", "Australia/Sydney",
    "Europe/Athens", "Europe/Belgrade", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Chisinau",
    "Europe/Copenhagen", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London",
    "Europe/Madrid", "Europe/Minsk", "Europe/Moscow", "Europe/Oslo", "Europe/Paris", "Europe/Rome", "Europe/Sarajevo",
    "Europe/Sofia", "Europe/Stockholm", "Europe/Tirane", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich",
    "Indian/Mauritius", "Pacific/Auckland", "Pacific/Fiji", "Pacific/Port_Moresby",
    "Asia/Vladivostok", "Asia/Yekaterinburg", "Africa/Kigali",
)  # fmt: skip


def choices(current: str) -> list[tuple[str, str]]:
    """Zone and city with the clock's distance from UTC now, from west to east, in the reader's language."""
    now = clock.now()
    found = []
    for zone in {*ZONES, current}:
        offset = clock.local(now, zone).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        found.append((minutes, language.city(zone), zone))
    return [
        (zone, zone if zone == "UTC" else f"{city} ({_distance(minutes)})")
        for minutes, city, zone in sorted(found)
    ]


def _distance(minutes: int) -> str:
    """In Latin digits, as clocks and tickets write it."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"
