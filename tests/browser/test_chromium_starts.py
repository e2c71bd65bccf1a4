"""Chromium starts, and with a Chinese font.

Without one every character is the same empty box, and every test that reads text still passes.
"""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

# One character in black on white, as the pixels of a canvas.
DRAW = """(character) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  pen.font = "48px sans-serif";
  pen.fillText(character, 8, 52);
  return Array.from(pen.getImageData(0, 0, 64, 64).data).filter((_, i) => i % 4 === 3);
}"""
AXE = Path(__file__).parent / "axe.min.js"
UNASSIGNED = "\u0378"


def test_a_chinese_character_is_more_than_an_empty_box(page):
    box = page.evaluate(DRAW, UNASSIGNED)
    drawn = [page.evaluate(DRAW, character) for character in "汉字办"]
    assert all(any(pixels) for pixels in drawn)
    assert box not in drawn


def test_two_characters_look_different(page):
    assert page.evaluate(DRAW, "汉") != page.evaluate(DRAW, "字")


def test_two_unassigned_characters_look_the_same(page):
    """The control: what a missing font would do to 汉 and 字."""
    assert page.evaluate(DRAW, UNASSIGNED) == page.evaluate(DRAW, "\u0379")


def test_the_page_is_chinese_and_of_the_counters_size(page):
    assert page.evaluate("navigator.language") == "zh-CN"
    assert page.evaluate("[innerWidth, innerHeight]") == [1366, 768]


def test_axe_runs_and_finds_a_fault(page):
    page.set_content("<!doctype html><html lang='zh'><title>t</title><main><img src='x'></main>")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations.map((v) => v.id))")
    assert "image-alt" in found
