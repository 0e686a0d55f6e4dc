"""Families of inequalities: when each is valid, and how violated ones are found."""
