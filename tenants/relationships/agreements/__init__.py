"""What a pair, group or circle agrees on: the agreement and its signatures, the activity plan, notice, and the memo."""
