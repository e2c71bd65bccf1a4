"""What both apps' shells share, because a township is hub and station at once (ADR 0002)."""
