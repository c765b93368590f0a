"""
Roster import, the part with a database: a file becomes a preview, the preview becomes people, and back.

    actions      upload, change how it was read, choose, commit, revert, discard: what a coordinator asks for
    queries      what she is shown
    previewing   in a worker: the file read and staged, its rows kept
    committing   in a worker: all rows at once or none
    reverting    in a worker: exactly as it was before, or nothing
    becoming     one staged row -> the facts of a person and of her part in the cycle

The decisions about single cells are made in `tenants.registration.roster`.
"""
