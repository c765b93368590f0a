"""The back door: what happens without anybody waiting for it."""
