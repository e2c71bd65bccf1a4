"""The receipt printer of a station: where it is, what it needs, and sending it a document."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from casework.documents import Document
from casework.errors import FieldProblem
from node import settings
from node.errors import FontMissing, InvalidInput
from node.printing import device, escpos, fonts
from node.printing import papers as usual
from node.printing.escpos import Machine, Profile
from node.printing.fonts import Font
from node.printing.roll import Layout
from node.printing.voice import Voice
from node.runtime import Node

_SETTING: Final = "printer"
_TARGETS: Final = ("tcp:", "file:")
_USUAL: Final = Profile()


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer as it is set.

    Attributes:
        target: `tcp:HOST:PORT`, `file:PATH`, or empty: none is set.
    """

    target: str = ""
    profile: Profile = _USUAL


def current(node: Node) -> Printer:
    """The printer as it is set."""
    with node.database.read() as tx:
        found = settings.get(tx, _SETTING, {})
    known = {field.name for field in fields(Profile)}
    told = {name: value for name, value in found.items() if name in known}
    return Printer(str(found.get("target", "")), Profile(**told))


def target(node: Node) -> str:
    """Where the printer is; empty where none is set."""
    return current(node).target


def keep(node: Node, printer: Printer) -> None:
    """Set the printer.

    Raises:
        InvalidInput: this cannot be a printer.
    """
    problems = list(_wrong(printer))
    if problems:
        raise InvalidInput(problems)
    with node.database.write() as tx:
        told = {"target": printer.target, **asdict(printer.profile)}
        settings.put(tx, _SETTING, told, now=node.clock.now_ms())


def _wrong(printer: Printer) -> list[FieldProblem]:
    found = []
    if printer.target and not printer.target.startswith(_TARGETS):
        zh = "打印机要写成 tcp:地址:9100 或 file:设备文件。"
        found.append(FieldProblem("/target", "value", zh, "Write tcp:HOST:9100 or file:DEVICE."))
    if printer.profile.width not in escpos.WIDTHS:
        zh, en = "一行的宽度只能是 48、42、32。", "A line has 48, 42 or 32 columns."
        found.append(FieldProblem("/width", "value", zh, en))
    try:
        bytes.fromhex(printer.profile.start)
    except ValueError:
        zh, en = "开头的命令要写成十六进制。", "The first bytes are written in hexadecimal."
        found.append(FieldProblem("/start", "value", zh, en))
    return found


def render(  # how it is wanted
    node: Node,
    document: Document,
    *,
    font: Font | None = None,
    large: bool = False,
    voice: Voice = Voice.ZH,
) -> bytes:
    """Make the bytes of a document for this station's printer.

    Args:
        node: this station.
        document: what is printed, all copies.
        font: for lines that the printer cannot set; None: what is found here.
        large: large print.
        voice: in which language.

    Raises:
        FontMissing: a line must be drawn and this computer has no font.
    """
    me = node.identity()
    look = Layout(
        heading=f"{me.county.name} {me.name}",
        keepers=usual.keepers(document.kind),
        large=large,
        voice=voice,
    )
    machine = Machine(current(node).profile, font or found_font())
    return escpos.render(document, look, machine)


def send(node: Node, document: Document, *, large: bool = False) -> None:
    """Print a document that was counted; what fails can be printed again later.

    Raises:
        PrinterFailed: none is set, or it does not answer.
        FontMissing: a line must be drawn and this computer has no font.
    """
    pass_on(node, render(node, document, large=large))


def pass_on(node: Node, data: bytes) -> None:
    """Send bytes to the printer that is set.

    Raises:
        PrinterFailed: none is set, or it does not answer.
    """
    device.send(target(node), data)


def test_sheet(node: Node) -> bytes:
    """Make the sheet that shows what a printer can do."""
    return escpos.test_sheet(Machine(current(node).profile, found_font()))


def found_font() -> Font | None:
    """A font for pictures of lines, if there is one."""
    try:
        return fonts.known()
    except FontMissing:
        return None


def changed(printer: Printer, told: dict[str, object]) -> Printer:
    """The printer with what was told; None leaves a part as it is."""
    said = {name: value for name, value in told.items() if value is not None}
    where = str(said.pop("target", printer.target))
    return Printer(where, replace(printer.profile, **said))  # type: ignore[arg-type]
