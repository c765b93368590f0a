"""Keys and what they seal: the keyring file, the envelope of a record, the signature of a context."""
