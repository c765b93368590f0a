"""PostgreSQL: tables that belong to an organisation, the signed context that opens them, and sessions."""
