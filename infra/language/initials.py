"""At most two letters that stand for a name, in a mark of a page or of a letter."""

from infra.language.bidi import CONTROLS

ARTICLE = "ال"  # the Arabic article, which would be the first letter of many names


def initials(name: str) -> str:
    """The first letters of the first and the last word; the joiner keeps Arabic letters apart."""
    words = [word for word in name.translate(CONTROLS).replace("-", " ").split() if word[0].isalpha()]
    words = [word[2:] if word.startswith(ARTICLE) and len(word) > 3 else word for word in words]
    ends = words[:1] + words[-1:] if len(words) > 1 else words
    return "\N{ZERO WIDTH NON-JOINER}".join(word[0].upper() for word in ends)
