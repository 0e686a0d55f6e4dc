"""The data set that comes with the package."""
