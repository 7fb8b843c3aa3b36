"""Pages for everybody, and what is no page."""

EXPECTED = dict.fromkeys(
    (
        "static", "health", "root", "printed_link", "start", "sign_in", "callback", "sign_out",
        "verification_form", "verification", "accessibility", "help", "help_article",
    )
)  # fmt: skip
PATHS = {
    "start": "/zh/",
    "verification_form": "/zh/verify",
    "verification": "/zh/verify/{licence}",
    "accessibility": "/zh/accessibility",
    "help": "/zh/help",
    "help_article": "/zh/help/how-long-it-takes",
}
