"""What an organisation keeps of itself. See `tenants.mapping`."""

from tenants.mapping import WITH_ORGANISATION, Kind, Purpose, hidden, house, table

MAP = (
    table(
        "organisation",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        base=("organisation_id", "created_at"),
        by_hand=True,
        columns={
            "name": house(),
            "hue": house(),
            "languages": house(),
            "default_language": house(),
            "time_zone": house(),
            # Whoever is to be asked; emptied where it is her who goes.
            "contact_name": hidden(Kind.CONTACT, empty=None),
            "contact_email": hidden(Kind.CONTACT, empty=None),
            "contact_phone": hidden(Kind.CONTACT, empty=None),
            "demands_passkeys": house(),
        },
    ),
    table(
        "organisation_host",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        base=("organisation_id",),
        columns={"host": house(), "is_primary": house()},
    ),
    table(
        "office",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        columns={"name": house(), "region": house(), "time_zone": house(), "is_open": house()},
    ),
)
