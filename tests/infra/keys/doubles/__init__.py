"""Services that keep keys, as they speak over HTTP: they really wrap, and refuse what the real ones refuse."""
