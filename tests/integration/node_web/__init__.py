"""The shared pages against a real encrypted node."""
