"""Who may lie in a pool, and what her card may say."""

from tenants.registration.models import ParticipantRole, Status

OWN_FIELDS = frozenset({"person", "address", "supervisor", "excluded"})
"""Digests under the pool's salt: they can be compared with one another and with nothing else."""

CARD_FIELDS = frozenset(
    {
        "topics_offered", "topics_wanted", "languages", "time_zone", "entity", "sector", "grade", "region",
        "experience_years", "mode", "gender", "gender_wish", "office",
        *OWN_FIELDS,
    }
)  # fmt: skip
"""All that a card may say: no name, no address, no note. Whoever adds a field changes the data-sharing agreement."""

SIDES = (ParticipantRole.MENTOR, ParticipantRole.MENTEE, ParticipantRole.PEER)

# A mentor, or a peer, with several places goes on to be matched while one of her pairs runs, up to what is left.
MATCHABLE = {
    ParticipantRole.MENTOR: (Status.READY, Status.IN_RELATIONSHIP),
    ParticipantRole.PEER: (Status.READY, Status.IN_RELATIONSHIP),
    ParticipantRole.MENTEE: (Status.READY,),
}
