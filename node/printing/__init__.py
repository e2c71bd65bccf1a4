"""Documents on paper: as a plain page, as PDF with its font in it, and as bytes for a roll."""
