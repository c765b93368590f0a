"""The people of an organisation and the roles they hold."""
