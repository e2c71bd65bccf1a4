"""Tests of the rules of a case."""
