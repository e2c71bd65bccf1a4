"""Signs drawn as lines on a 24 by 24 field; the word beside a sign always says the same."""

from collections.abc import Mapping

from markupsafe import Markup

_PATHS: Mapping[str, str] = {
    "check": "M4 12.5 9.5 18 20 6.5",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7.5V12l3.2 2",
    "triangle": "M12 3.5 22 20.5H2ZM12 10v4.5M12 17.4v.2",
    "cross": "M5.5 5.5l13 13M18.5 5.5l-13 13",
    "swap": "M4 8.5h15M15.5 5 19 8.5 15.5 12M20 15.5H5M8.5 12 5 15.5 8.5 19",
    "circle": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z",
    "disc": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z",
    "up": "M12 20V5M5.5 11.5 12 5l6.5 6.5",
    "question": "M8.5 9a3.6 3.6 0 1 1 5 3.3c-1 .5-1.5 1.1-1.5 2.2M12 18.2v.2",
    "alert": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5v5.5M12 16.3v.2",
    "square": "M5 5h14v14H5Z",
    "inbox": "M4 13 6.5 5h11L20 13v6H4ZM4 13h5l1.2 2.5h3.6L15 13h5",
    "stamp": "M5 20h14M6.5 16.5h11c0-2-1.5-2.8-3.5-3.2V9.8a3 3 0 1 0-4 0v3.5"
    "c-2 .4-3.5 1.2-3.5 3.2Z",
    "stop": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM6 6l12 12",
    "pause": "M8.5 5v14M15.5 5v14",
    "hand": "M4 11h9l-3-3M13 11l-3 3M15 5h5v14h-5",
    "box": "M4 8h16v11H4ZM3 4.5h18V8H3ZM9.5 12h5",
    "back": "M10 5 4 11l6 6M4.5 11H15a5 5 0 0 1 0 10h-2",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 21 21",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
    "camera": "M4 8h3.5L9.5 5h5L16.5 8H20v11H4ZM12 10a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Z",
    "print": "M7 8V4h10v4M6 17H4V8h16v9h-2M7 14h10v6H7Z",
    "phone": "M6 3.5h3.5l1.5 4.5-2.2 1.6a12 12 0 0 0 5.6 5.6L16 13l4.5 1.5V18a2.5 2.5 0 0 1-2.7"
    " 2.5C10.5 20 4 13.5 3.5 6.2A2.5 2.5 0 0 1 6 3.5Z",
    "lock": "M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "next": "M9 5l7 7-7 7",
    "previous": "M15 5l-7 7 7 7",
    "info": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5.5M12 7.6v.2",
    "computer": "M4 5h16v11H4ZM9 20h6M12 16v4",
    "key": "M8 8.5a4 4 0 1 0 0 7.9 4 4 0 0 0 0-7.9ZM12 12.4h9M18 12.4v3",
}
_FRAME = (
    '<svg class="icon icon-{name}" viewBox="0 0 24 24" aria-hidden="true" focusable="false" '
    'fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" '
    'stroke-linejoin="round"><path d="{path}"/></svg>'
)


def icon(name: str) -> Markup:
    """A sign for the eye alone; screen readers read the word beside it.

    Raises:
        KeyError: No such sign.
    """
    return Markup(_FRAME).format(name=name, path=_PATHS[name])  # noqa: S704  # our own text
