"""``python -m partition``: the command line, where its program is not on the path."""

from partition.cli import main

if __name__ == "__main__":
    main()
