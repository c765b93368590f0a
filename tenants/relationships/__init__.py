"""The dated case of a pair, from the second yes to its closure."""
