"""Tests of `crypto`: each attack is a test of its own."""
