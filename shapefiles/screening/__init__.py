"""The door through which files of strangers come in, and what is looked at before they are read."""
