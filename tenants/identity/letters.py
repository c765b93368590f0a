"""The letters of this room: the way in, and a warning to an address that is no longer used."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.identity import domain_letters, own_address, queries, rules, support_letters
from tenants.identity import proof_letters as _proof_letters  # noqa: F401  registers more letters of this room
from tenants.identity.actions import ADDRESS_LETTER, SIGN_IN_LETTER, WELCOME_LETTER
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people import queries as people
from tenants.people.words import ROLE_NAMES
from tenants.permissions import Role

# Loaded, so that they are registered with those that stand here.
MORE = (domain_letters, support_letters)


@letter(SIGN_IN_LETTER, title=N_("Sign in"), is_secret=True)
async def sign_in(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing to an address that nobody has, and nothing when the link is used up or too old."""
    link = await queries.find_link(session, UUID(promised.about["link_id"]))
    if link is None or rules.closed(link, clock.now()):
        return None
    if await queries.person_behind(session, link) is None:
        return None
    minutes = int(rules.LINK_LASTS.total_seconds() // 60)
    return Text(
        subject=_("Sign in to %(organisation)s", organisation=desk.organisation_name),
        heading=_("Here is your way in"),
        paragraphs=[
            _("Press the button to sign in, or type the code on the page where you asked for it."),
            ngettext(
                "Both work once, for one minute from the moment you asked.",
                "Both work once, for %(num)s minutes from the moment you asked.",
                minutes,
            ),
        ],
        button=(_("Sign in"), desk.link("/link", rules.PURPOSE, link.id)),
        code=desk.links.code(rules.PURPOSE, desk.organisation_id, link.id),
        after=[
            _("If you did not ask for this, you can forget this e-mail. Nobody gets in without it."),
            _("Give the code to nobody. We will never ask you for it."),
        ],
    )


@letter(ADDRESS_LETTER, title=N_("Your e-mail address was changed"))
async def address_changed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    return Text(
        subject=_("Your e-mail address at %(organisation)s was changed", organisation=desk.organisation_name),
        heading=_("Your e-mail address was changed"),
        paragraphs=[
            _("From now on we write to your new address, and you sign in with it."),
            _("You were signed out everywhere."),
        ],
        after=[_("If you did not want this, please tell your coordinator at once.")],
    )


@letter(own_address.CONFIRM_LETTER, title=N_("Confirm your new e-mail address"), is_secret=True)
async def address_confirm(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing when the request is closed, or somebody else here has the address: nobody learns of that."""
    change = await own_address.opened(session, UUID(promised.about["change_id"]))
    if change is None:
        return None
    known = await people.find_by_email(session, change.email)
    if known is not None and known.id != change.person_id:
        return None
    return Text(
        subject=_("Confirm your new e-mail address"),
        heading=_("Is this your new address?"),
        paragraphs=[
            _(
                "Somebody who takes part at %(organisation)s wants to be reached here, most likely you.",
                organisation=desk.organisation_name,
            ),
            _("Nothing changes before you confirm it."),
        ],
        button=(_("Confirm this address"), desk.link("/address", own_address.PURPOSE, change.id)),
        after=[
            _("The link works for one day."),
            _("If it was not you, you need do nothing."),
        ],
    )


@letter(WELCOME_LETTER, title=N_("You have a new role"))
async def welcome(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing if the role has been taken back before the letter went out."""
    role = Role(promised.about["role"])
    held = await people.grants(session, promised.person_id) if promised.person_id else []
    if role not in [one for one, _office in held]:
        return None
    return Text(
        subject=_("Your new role at %(organisation)s", organisation=desk.organisation_name),
        heading=_("You have a new role"),
        paragraphs=[
            _(
                "At %(organisation)s you now have this role: %(role)s.",
                organisation=desk.organisation_name,
                role=_(ROLE_NAMES[role]),
            ),
            _("There is no password. Each time you sign in, we send you a link and a code."),
        ],
        button=(_("Go to the sign-in page"), desk.url("/sign-in")),
    )
