"""``python -m web.cli`` is ``zoufang``."""

from web.cli import main

main()
