"""Starts the portal: `python -m services.portal`."""

from services.foundation.web_server import serve_web


def main() -> None:
    """Serves until told to stop."""
    serve_web("portal", "services.portal.application:from_environment")


if __name__ == "__main__":
    main()
