"""
One module a kind of value: text of a cell in, `Read` (value and findings) out.

Text comes tidied (`writing.tidy`) and not empty. What can be read only one way
is read without a word; what was guessed is said; what cannot be read is refused.
"""
