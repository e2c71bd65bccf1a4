"""The hub's pages and endpoints over its use cases."""
