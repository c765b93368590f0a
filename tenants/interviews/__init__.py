"""
Confidential notes: the record of an interview, the debrief after a hard one, and what a pair shares.

Nobody imports this room but the pages that show a note, the worker that destroys it, and the list of tables
(docs/decisions/0014-confidential-notes.md).
"""
