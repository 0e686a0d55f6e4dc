"""Which units touch, along which line, and what lies between land and water."""
