"""
Message templates: what letters say, as a text that an organisation may replace for each language.

A room declares the words of a letter beside its writer, sentence by sentence, and the writer gives a value for each
field; see docs/decisions/0023-message-templates.md.
"""
