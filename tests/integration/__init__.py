"""Tests over real processes, files and databases."""
