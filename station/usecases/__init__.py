"""What a station can be asked to do; pages and commands call the same ones."""
