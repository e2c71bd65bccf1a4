"""The faults that tests inject."""
