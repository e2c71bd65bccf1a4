"""What the hub can be asked to do; pages and commands call the same ones."""
