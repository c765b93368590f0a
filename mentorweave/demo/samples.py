"""The three sample organisations: invented people, realistic and messy rosters."""

from dataclasses import dataclass
from pathlib import Path

from tenants.programmes.starters import StarterName

ROSTERS = Path(__file__).parent / "rosters"


@dataclass(frozen=True, slots=True)
class Sample:
    """
    An organisation, who works in it, and the roster that it begins with.

    `proposals` says how many of a first matching run are sent, 0 for no run. Rows
    that cannot be read stay refused, as a coordinator would find them.
    """

    host: str
    also_at: tuple[str, ...]
    name: str
    hue: int
    zone: str
    languages: tuple[str, ...]
    starter: StarterName
    slug: str
    cycle: str
    owner: str
    coordinators: tuple[tuple[str, str], ...]  # name and office, '' for all
    roster: str
    offices: tuple[tuple[str, str, str], ...] = ()  # name, region, zone
    proposals: int = 0
    has_accounts: bool = False  # of its own, to sign in with


SAMPLES = (
    Sample(
        host="hub.localhost",
        also_at=("localhost",),
        name="Inter-Agency Mentoring Hub",
        hue=184,
        zone="Europe/Vienna",
        languages=("en", "fr", "ar"),
        starter=StarterName.INTER_AGENCY,
        slug="inter-agency",
        cycle="2026–27",
        owner="Ingrid Solheim",
        coordinators=(("Selma Hadžić", ""),),
        roster="inter-agency-2026.xlsx",
        has_accounts=True,
    ),
    Sample(
        host="network.localhost",
        also_at=(),
        name="Harbour Mentor Network",
        hue=250,
        zone="Europe/Copenhagen",
        languages=("en", "da", "ar", "fr"),
        starter=StarterName.MENTOR_NETWORK,
        slug="mentor-network",
        cycle="2026",
        owner="Karen Lund",
        coordinators=(("Amal Darwish", ""), ("Mette Kjær", "Aarhus office")),
        offices=(
            ("Copenhagen office", "Capital", "Europe/Copenhagen"),
            ("Aarhus office", "Jutland", "Europe/Copenhagen"),
            ("Odense office", "Funen", "Europe/Copenhagen"),
        ),
        roster="mentor-network.csv",
        proposals=12,
    ),
    Sample(
        host="chapter.localhost",
        also_at=(),
        name="Copperbelt Women in Mining",
        hue=55,
        zone="Africa/Lusaka",
        languages=("en", "fr"),
        starter=StarterName.CHAPTER,
        slug="pilot",
        cycle="Pilot",
        owner="Chanda Mwila",
        coordinators=(("Thandiwe Banda", ""),),
        roster="chapter-pilot.xlsx",
        proposals=6,
    ),
)
