"""``python -m audioleaflet`` is ``audioleaflet``."""

from audioleaflet.cli import main

if __name__ == "__main__":
    main()
