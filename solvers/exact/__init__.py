"""The exact search: relaxation, cuts, nodes, and the proof that is written down."""
