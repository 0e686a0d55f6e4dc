"""Maps of a plan, drawn on the units it divides."""
