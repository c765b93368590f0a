"""
Those who keep the master key: a file, AWS KMS, or Vault's transit engine.

Each is a `Keeper` of `infra.crypto.hierarchy`. What one has wrapped begins with a mark of its own, so that a
change from one to another can be told from a change of the key.
"""
