"""
The directory's door: SCIM 2.0 at /scim/v2, for what keeps an organisation's accounts (Entra, Okta and others).

Alone in the house it knows the SCIM libraries. They are heavy, so this door is built when somebody first knocks.
"""
