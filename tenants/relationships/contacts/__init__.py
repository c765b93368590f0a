"""The contact log (K46), and where a case stands in its life (K48)."""
