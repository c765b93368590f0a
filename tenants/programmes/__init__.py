"""Programmes with their rules, and their dated cycles."""
