"""Starts the customs gateway: `python -m services.customs`."""

from services.foundation.web_server import serve_web


def main() -> None:
    """Serves until told to stop."""
    serve_web("customs", "services.customs.application:from_environment")


if __name__ == "__main__":
    main()
