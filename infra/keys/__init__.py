"""
The house of keys: seals what is confidential, and forgets it for good when it has to.

`house.KeyHouse` is what everybody else needs. Wrapped keys lie in a database of their own (`store`), with
backups that are kept for days only, since a key in an old backup is a key that was never destroyed.
"""
