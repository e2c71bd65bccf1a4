"""What a second pen wrote from the specification alone, read by our code, and the reverse."""
