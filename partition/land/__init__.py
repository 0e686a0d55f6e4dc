"""What is divided: the embedded data or somebody's own map, with its votes."""
