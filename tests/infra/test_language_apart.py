"""One catalogue never holds another's words: who reads Arabic is not told anything in French."""

from infra.language import catalogues


def test_french_words_stand_in_the_french_catalogue_alone() -> None:
    french, arabic = catalogues.read("fr"), catalogues.read("ar")
    mixed = []
    for message in arabic:
        source = message.id if isinstance(message.id, tuple) else (message.id,)
        other = french.get(source[0], message.context)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if other is None or not source[0]:
            continue
        theirs = other.string if isinstance(other.string, tuple) else (other.string,)
        mixed += [form for form in forms if form in theirs and form not in source]
    assert mixed == []
