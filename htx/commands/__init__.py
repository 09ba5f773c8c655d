"""The commands of `htx`, by subject; htx/cli.py registers them."""
