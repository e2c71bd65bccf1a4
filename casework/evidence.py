"""What every act writes down about itself: when, where, by whom."""

from casework.desk import Desk
from casework.fact_shapes import REASONS
from casework.reading import LONG, SHORT, Reader
from casework.values import Fields, Value, read_list


def evidence(ctx: Desk) -> dict[str, Value]:
    """Answer instant (ms), place (12 digits) and login of an act."""
    return {"at": ctx.now, "place": ctx.place.code, "by": ctx.actor}


def given(fields: Fields, *names: str) -> dict[str, Value]:
    """Answer those of the named fields that say something."""
    return {name: fields[name] for name in names if fields.get(name) not in (None, "")}


def reasons(fields: Fields) -> tuple[str, ...]:
    """Read reasons given as one text or as a list of texts."""
    stated = fields.get(REASONS.name)
    texts = [stated] if isinstance(stated, str) else list(read_list(stated))
    rows = [Reader({"reason": text}).option("reason", most=LONG) for text in texts[:SHORT]]
    return tuple(filter(None, rows))
