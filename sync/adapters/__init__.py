"""The operation log on storage."""
