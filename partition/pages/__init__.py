"""What people read: summaries, reports, tables of a terminal, and drawn pages."""
