"""
The words of letters as texts with fields: how a room declares them, how they are read, and how values get in.

See docs/decisions/0023-message-templates.md; who changes them is in `templates`.
"""
