"""Measurements against the budgets; run as `python -m bench`."""
