"""Where on the globe a map lies: reference systems, projections, and the line of 180 degrees."""
