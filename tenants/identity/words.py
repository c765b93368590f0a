"""What the codes of this room say."""

from infra.language import N_

# What is wrong with a provider, with what to do about it; the facts are what was found.
MISTAKES = {
    "provider_not_https": N_(
        "%(found)s does not begin with https://. Without it, anybody on the way could pose as your provider."
    ),
    "provider_private_address": N_(
        "%(found)s lies in a private network, which we cannot reach. Use the provider's public address."
    ),
    "provider_unknown_host": N_("There is no server called %(found)s. Look for a slip in the address."),
    "provider_unreachable": N_(
        "%(found)s does not answer. Look whether it is up, and whether a firewall keeps us out."
    ),
    "provider_no_discovery": N_(
        "%(found)s answers with %(status)s, where the provider should describe itself. The issuer is probably another: copy it from the provider's settings."
    ),
    "provider_not_json": N_(
        "What stands at %(found)s is no description of a provider. The issuer is probably another: copy it from the provider's settings."
    ),
    "provider_too_large": N_(
        "The provider's answer is larger than %(most)s bytes. This is not the address of a provider."
    ),
    "provider_other_issuer": N_(
        "The provider calls itself %(found)s, and you wrote %(expected)s. Both have to be the same to the last sign."
    ),
    "provider_no_code_flow": N_(
        "The provider does not offer the authorization code flow. Switch it on in its settings."
    ),
    "provider_no_pkce": N_("The provider does not offer PKCE with S256. Switch it on in its settings."),
    "provider_no_algorithm": N_(
        "The provider signs with %(found)s only. Choose RS256, PS256, ES256 or Ed25519 in its settings."
    ),
    "provider_no_keys": N_("The provider shows no key that can check its signatures."),
    "provider_client_refused": N_(
        "The provider does not take the client ID or its secret (%(found)s). Copy both again; a secret may have expired."
    ),
    "provider_code_refused": N_(
        "The provider did not take our answer (%(found)s). Look whether the callback address is entered there exactly as it stands here."
    ),
    "provider_no_userinfo": N_(
        "The provider tells neither name nor address at %(found)s. Look whether the client may use the scopes email and profile."
    ),
    "provider_no_token": N_(
        "The provider sent no ID token. Look whether the client may use the scope openid."
    ),
}
SENTENCES = {
    "passkey_refused": N_("This passkey was not accepted. Please try again."),
    "passkey_known": N_("This passkey is kept here already."),
    "too_many_passkeys": N_("You can have %(maximum)s passkeys. Remove one that you no longer use."),
    "last_passkey": N_("Your organisation asks for a passkey, and this is your only one. Add another first."),
    "passkey_first": N_("Make a passkey for yourself first. Otherwise you might lock yourself out."),
    "codes_asked_too_often": N_(
        "You have asked for many codes today. Please wait an hour, or choose another way."
    ),
    "step_up_needed": N_(
        "This is open only to somebody who has proved who she is in the last %(within_minutes)s minutes, at a page of ours."
    ),
    "permissions_not_held": N_("Choose at least one permission, and only such as you hold yourself."),
    "token_lasts_too_long": N_("Choose a day from tomorrow on, at most %(days)s days ahead."),
    "address_is_the_same": N_("This is the address that you have already."),
    "address_asked_too_often": N_("You have asked for this several times today. Please try again tomorrow."),
    "issuer_no_address": N_(
        "%(found)s is no address of a provider. It begins with https:// and stands in its settings as the issuer."
    ),
    "issuer_any_directory": N_(
        "This address stands for any directory. Use the one with your own directory's number, such as https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0."
    ),
    "too_many_domains": N_("Name at most %(maximum)s domains."),
    "domain_unusable": N_("%(found)s is no domain. Write it as in an e-mail address, after the @."),
    "domain_named": N_("This domain stands in the list already."),
    "dns_no_answer": N_("Nobody answers for %(name)s at present. Try it again in a few minutes."),
    "not_herself": N_("Only the person herself can do this, and nobody in her place."),
    "for_whole_organisation": N_(
        "All offices share this. Whoever made it can change it, and whoever works for the whole organisation."
    ),
    "support_is_in": N_("Support is let in there already. Wait until it is over, or shut it out."),
    "support_cannot_be_told": N_(
        "Support comes in only after the person has been told by letter, and no letter reaches her."
    ),
    "support_not_told_yet": N_("The letter that tells her is still on its way. Try it again in a minute."),
    "support_shut": N_("This is over, or somebody has come in by it already."),
    "support_nobody_here": N_("Nobody here has this address."),
    "provider_known": N_("This provider is set up already."),
    "too_many_providers": N_("There may be %(maximum)s providers. Remove one that is no longer used."),
    "provider_not_tried": N_("Try it first: nobody has come in through it yet."),
    "too_many_acr": N_("Name at most %(maximum)s ways."),
    "provider_wrong": N_("The sign-in provider cannot be used as it stands."),
    "token_refused": N_("What the sign-in provider sent proves nothing. You are not signed in."),
    **MISTAKES,
}
# What a look at the record of a domain came to.
LOOKS = {
    "found": N_("The record is there: %(domain)s is proved to be yours."),
    "missing": N_(
        "There is no such record at %(domain)s yet. It may take some hours until everybody sees a new one."
    ),
    "other": N_("There is a record of ours at %(domain)s with another text. Copy the text once more."),
    "no_answer": N_("Nobody answers for %(domain)s at present. Try it again in a few minutes."),
}
# Why what a provider sent was refused, for whoever sets it up.
REFUSALS = {
    "form": N_("The token is not in the right form."),
    "header": N_("The token's header asks for something that we never do."),
    "type": N_("This is another kind of token."),
    "algorithm": N_("The token is signed in a way that we do not take."),
    "key": N_("The token names a key that the provider does not show."),
    "signature": N_("The signature is wrong."),
    "issuer": N_("The token comes from another issuer."),
    "audience": N_("The token is meant for another client. Compare the client ID."),
    "party": N_("The token was given to another client. Compare the client ID."),
    "subject": N_("The token does not say whose it is."),
    "expired": N_("The token had expired when it came. Compare the clocks of both servers."),
    "too_early": N_("The token is not valid yet. Compare the clocks of both servers."),
    "issued": N_(
        "The token says that it was made long ago, or in the future. Compare the clocks of both servers."
    ),
    "nonce": N_("The token was not made for this sign-in."),
    "access_token": N_("The token does not belong to the access token beside it."),
    "directory": N_("The account belongs to another directory."),
    "too_long_ago": N_("The provider did not ask for a fresh sign-in."),
    "logout": N_("This is no logout token."),
}
TURNED_AWAY = {
    "broken": N_("This way in does not work at present. Use an e-mail link."),
    "expired": N_(
        "This took too long, or was used already, or began in another browser. Please begin again."
    ),
    "refused_there": N_("You were not signed in there. Try again, or use an e-mail link."),
    "not_its_answer": N_(
        "This answer came from another provider than the one that you were sent to. Please begin again, and tell your coordinator if it happens twice."
    ),
    "unknown": N_(
        "We do not know this account yet. Sign in by e-mail once, then connect the account in your settings."
    ),
    "has_left": N_(
        "This account belongs to somebody who is no longer here. Ask your coordinator if that is wrong."
    ),
    "taken": N_("This account is connected to somebody else here."),
    "closed": N_("Nobody can sign in this way at present. Use an e-mail link."),
    "not_asked": N_("You were not asked to sign in anew there, so it proves nothing. Choose another way."),
    "other_account": N_("This is not the account that is connected to you here. Choose another way."),
    "too_weak": N_("The way in which you signed in there is not enough for this. Choose another way."),
}
# Why a passkey proves nothing.
PASSKEY_REFUSALS = {
    "expired": N_("This took too long, or was used already. Please try again."),
    "unknown": N_("We do not know this passkey. Choose another one, or another way."),
    "not_hers": N_("This passkey belongs to somebody else here. Choose your own."),
    "wrong": N_("This passkey was not accepted. Please try again."),
    "suspected": N_(
        "This passkey was not accepted: it looks as if there were two of it. Use another one, remove this one and make a new one."
    ),
}
