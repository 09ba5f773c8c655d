"""Commands of `htx` by theme; htx/cli.py has the others."""
