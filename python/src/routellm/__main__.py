"""Runs the program: `python -m routellm` is `routellm`."""

from ._program import main

main()
