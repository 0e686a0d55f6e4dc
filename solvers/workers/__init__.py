"""One search on many processes: a tree whose cases workers take, and regions of a large map."""
