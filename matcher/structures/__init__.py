"""Other structures than one mentor with her mentees: pairs of one pool, groups, circles."""
