"""Workshops and what else brings a network together: planning, guests, who came, and what they say of it."""
