"""Takes the design system into `static/vendor`: `python -m services.portal.vendoring PACKAGE.tgz`.

PACKAGE.tgz is what `npm pack govuk-frontend@VERSION` fetches; nobody needs Node to run the portal. The typeface
GDS Transport, the crown and the crest belong to the British government and are left out. `manifest.toml` names
the version and the SHA-256 of each file, and a test holds the files to it.
"""

import hashlib
import json
import pathlib
import re
import sys
import tarfile
from typing import Final

FOLDER: Final = pathlib.Path(__file__).resolve().parent / "static" / "vendor"
MANIFEST: Final = FOLDER / "manifest.toml"
_STYLES: Final = "govuk-frontend.min.css"
_SCRIPT: Final = "govuk-frontend.min.js"
_FONT_COPYRIGHT: Final = re.compile(r"/\*! Copyright \(c\) 2011 by Margaret Calvert.*?\*/")
_FONT_FACE: Final = re.compile(r"@font-face\{[^}]*\}")
_CREST: Final = "url(/assets/images/govuk-crest.svg)"
_SOURCE_MAP: Final = re.compile(r"\n?(?:/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def own_styles(styles: str) -> str:
    """The style sheet without typeface, crest and source map; texts are set in `--portal-font`.

    Raises ValueError if anything of what must go is left, so that a new version is looked at.
    """
    own = _SOURCE_MAP.sub("\n", _FONT_COPYRIGHT.sub("", _FONT_FACE.sub("", styles)).replace(_CREST, "none"))
    own = re.sub(r"GDS Transport,\s*arial,\s*sans-serif", "var(--portal-font)", own)
    for remnant in ("GDS Transport", "url(/assets", "Calvert"):
        if remnant in own:
            raise ValueError(f"the style sheet still says {remnant!r}")
    return own


def vendor(package: pathlib.Path) -> None:
    """Writes the two files and the manifest."""
    with tarfile.open(package) as archive:
        version = json.loads(_member(archive, "package/package.json"))["version"]
        styles = own_styles(_member(archive, f"package/dist/govuk/{_STYLES}"))
        script = _SOURCE_MAP.sub("\n", _member(archive, f"package/dist/govuk/{_SCRIPT}"))
    lines = [
        'package = "govuk-frontend"',
        f'version = "{version}"',
        'licence = "MIT (LICENCE.txt)"',
        "",
        "[sha256]",
    ]
    for name, content in ((_STYLES, styles), (_SCRIPT, script)):
        (FOLDER / name).write_text(content, encoding="utf-8")
        lines.append(f'"{name}" = "{hashlib.sha256(content.encode()).hexdigest()}"')
    MANIFEST.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _member(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        raise ValueError(f"{name} is not a file")
    return file.read().decode()


if __name__ == "__main__":
    vendor(pathlib.Path(sys.argv[1]))
