"""``python -m xfkh``."""

from .cli import main

main()
