"""
Roster import, the part without a database: bytes in, staged rows out.

    reading    bytes and a file name -> Sheet (cells as text, and how the file was read)
    headers    Sheet -> which column holds which field, suggested and explained
    values     one cell -> one value, or why not
    staging    Sheet, mapping, the coordinator's choices -> every row ready, assumed or refused
    rejected   the refused rows as a file, with a reason column

No sentence is made here: every problem is a code of `codes` with facts.
"""
