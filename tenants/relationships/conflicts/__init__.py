"""A conflict on a case and how it is mediated (K47), for the coordinators of that case alone."""
