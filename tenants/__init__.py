"""The domain: everything that belongs to an organisation, one room per capability."""
