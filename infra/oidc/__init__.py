"""Signing in at somebody else's door by OpenID Connect: addresses, exchange, and a token judged strictly."""
