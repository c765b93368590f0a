"""People and groups that the organisation's own directory keeps up to date here (SCIM 2.0, RFC 7643 and 7644)."""
