"""The twenty pains that users of comparable systems report, each tried on ours.

The list is that of `docs/pains.md`. These tests speak of what people see; the rules beneath have
tests of their own.
"""
