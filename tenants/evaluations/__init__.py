"""Evaluations: what each of a relationship thinks of it at its end, asked for, reminded of, and read by coordinators."""
