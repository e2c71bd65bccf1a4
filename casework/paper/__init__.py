"""What stands on each document: one builder a kind, by what they are for (domain model §3)."""
