"""Registration: how people come into a programme, by form, by a coordinator, or by a roster."""
