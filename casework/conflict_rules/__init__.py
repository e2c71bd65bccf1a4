"""Conflicts between places that work apart: one pure rule for each (domain model §4)."""
