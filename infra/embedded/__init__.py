"""
Real servers from wheels, for the demo and the tests: PostgreSQL, Valkey and a mail catcher.

Production never imports this package: it brings servers of its own and names
them in the environment.
"""
