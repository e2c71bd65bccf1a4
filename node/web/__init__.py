"""What the pages of both apps share below their own views: the door, sign-in, errors, headers."""
