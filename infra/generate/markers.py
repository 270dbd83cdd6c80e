"""Files of which only a part is generated: what is between two markers."""


def between(text: str, begin: str, end: str, new: str) -> str:
    """The text with what is between the markers replaced."""
    before, rest = text.split(begin, 1)
    return before + begin + new + end + rest.split(end, 1)[1]
