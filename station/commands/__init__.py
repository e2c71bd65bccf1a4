"""Verbs of `station`: options in, documents out; no rules here."""
