"""What is asked, as integers for the solvers: goals, constraints, and their clashes."""
