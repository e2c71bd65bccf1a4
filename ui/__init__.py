"""What the pages of both apps share: templates, styles, filters and the zh/en catalogues."""
