"""The rules of a case (办件): pure, no I/O, no clock, no chance; knows nothing of crypto."""
