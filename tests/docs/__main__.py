"""Write the generated pages of `docs/`: `.venv/bin/python -m tests.docs`."""

from tests.docs import commands_page, facts_page, problems_page
from tests.docs.reading import DOCS

PAGES = {
    DOCS / "reference" / "commands.md": commands_page.page,
    DOCS / "reference" / "problems.md": problems_page.page,
    DOCS / "spec" / "facts.md": facts_page.page,
}


def main():
    """Write every page anew."""
    for path, page in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
