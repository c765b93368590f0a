"""Letters about proving who one is: the code that was asked for, and what has become of one's passkeys."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.identity import passkeys, rules, step_up
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter


@letter(step_up.CODE_LETTER, title=N_("A code to confirm that it is you"), is_secret=True)
async def code(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing when the code is used up, or too old."""
    asked = await step_up.find(session, UUID(promised.about["code_id"]))
    if asked is None:
        return None
    minutes = int(rules.LINK_LASTS.total_seconds() // 60)
    return Text(
        subject=_("Your code for %(organisation)s", organisation=desk.organisation_name),
        heading=_("Is it you?"),
        paragraphs=[
            _(
                "Somebody who is signed in as you wants to open something confidential. If it is you, type this code there."
            ),
            ngettext(
                "It works once, for one minute from the moment you asked.",
                "It works once, for %(num)s minutes from the moment you asked.",
                minutes,
            ),
        ],
        code=desk.links.code(step_up.PURPOSE, desk.organisation_id, asked.id),
        after=[
            _("If it is not you, sign out everywhere in your settings, and tell your coordinator."),
            _("Give the code to nobody. We will never ask you for it."),
        ],
    )


@letter(passkeys.ADDED_LETTER, title=N_("A passkey was added for you"))
async def added(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    return Text(
        subject=_("A new passkey for %(organisation)s", organisation=desk.organisation_name),
        heading=_("You have a new passkey"),
        paragraphs=[_("From now on you can sign in with it."), _if_not_you()],
        button=(_("See your passkeys"), desk.url("/me/settings/passkeys")),
    )


@letter(passkeys.REMOVED_LETTER, title=N_("A passkey of yours was removed"))
async def removed(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    return Text(
        subject=_("A passkey for %(organisation)s was removed", organisation=desk.organisation_name),
        heading=_("One of your passkeys was removed"),
        paragraphs=[_("It opens nothing here any more."), _if_not_you()],
        button=(_("See your passkeys"), desk.url("/me/settings/passkeys")),
    )


@letter(passkeys.RESET_LETTER, title=N_("All your passkeys were removed"))
async def reset(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    return Text(
        subject=_("Your passkeys for %(organisation)s were removed", organisation=desk.organisation_name),
        heading=_("All your passkeys were removed"),
        paragraphs=[
            _(
                "An owner of your organisation has removed them, most likely because you asked. You were signed out everywhere."
            ),
            _("Sign in by e-mail, and make a new one."),
        ],
        button=(_("Go to the sign-in page"), desk.url("/sign-in")),
        after=[_("If you did not ask for this, please tell your coordinator at once.")],
    )


def _if_not_you() -> str:
    return _("If it was not you, sign out everywhere in your settings at once, and tell your coordinator.")
