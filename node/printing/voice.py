"""In which language a document speaks."""

from enum import StrEnum

from casework.spoken import Text


class Voice(StrEnum):
    """Chinese, English, or both side by side."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"

    def say(self, text: Text) -> str:
        """Answer a text in this language.

        >>> Voice.BOTH.say(Text("事项", "Item")), Voice.BOTH.say(Text("7", "7"))
        ('事项 Item', '7')
        """
        if self is Voice.BOTH and text.zh != text.en:
            return f"{text.zh} {text.en}".strip()
        return text.en if self is Voice.EN else text.zh
