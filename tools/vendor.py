#!/usr/bin/env python3
"""Copy the few front-end files we depend on into static/vendor, with their licences and SHA-256 sums.

    python tools/vendor.py            # needs npm: install from package-lock.json, copy, bundle, write VERSIONS.json
    python tools/vendor.py --icons    # needs npm: only rebuild static/icons.svg after a change of tools/icons.txt
    python tools/vendor.py --check    # needs nothing: compare every file with VERSIONS.json; exit 1 on a difference

Nothing of this runs in production: the results are committed, so an installation needs neither Node nor a network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
VENDOR = ROOT / "static" / "vendor"
SPRITE = ROOT / "static" / "icons.svg"
MANIFEST = VENDOR / "VERSIONS.json"


@dataclass(frozen=True)
class Package:
    """One npm package: which file we take from it and where the file goes (relative to the root)."""

    name: str
    target: str
    source: str | None = None  # None: the target is built here (bundle or sprite)
    licence_file: str = "LICENSE"


PACKAGES = (
    Package("htmx.org", "static/vendor/htmx.min.js", "dist/htmx.min.js"),
    Package("echarts", "static/vendor/echarts.js"),
    Package("zrender", "static/vendor/echarts.js"),
    Package("tslib", "static/vendor/echarts.js", licence_file="LICENSE.txt"),
    Package("@tabler/icons", "static/icons.svg"),
    Package("axe-core", "tests/browser/vendor/axe.min.js", "axe.min.js"),
)


def main(arguments: list[str]) -> int:
    """Run the command line; the exit status is 0 when everything is as the manifest says."""
    parser = argparse.ArgumentParser(description="Vendor the front-end files")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="compare with VERSIONS.json, change nothing")
    choice.add_argument("--icons", action="store_true", help="rebuild the icon sprite only")
    options = parser.parse_args(arguments)
    if options.check:
        return check()
    with tempfile.TemporaryDirectory(prefix="tripool-vendor-") as name:
        work = Path(name)
        modules = install(work)
        write_sprite(modules)
        if not options.icons:
            copy_files(modules)
            bundle_echarts(work)
        write_manifest(modules)
    return check()


def install(work: Path) -> Path:
    """Install exactly what package-lock.json records (integrity-checked, no install scripts); returns node_modules."""
    for name in ("package.json", "package-lock.json", "echarts-entry.js"):
        shutil.copy(TOOLS / name, work / name)
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to vendor again; the committed files work without it")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=work, check=True)
    return work / "node_modules"


def copy_files(modules: Path) -> None:
    """Copy the files that are taken as they are, and every package's licence text."""
    for package in PACKAGES:
        target = ROOT / package.target
        target.parent.mkdir(parents=True, exist_ok=True)
        if package.source:
            shutil.copy(modules / package.name / package.source, target)
        shutil.copy(modules / package.name / package.licence_file, licence_path(package))


def licence_path(package: Package) -> Path:
    """Where the package's licence text is kept (beside the tests for what only the tests use)."""
    folder = VENDOR if package.target.startswith("static/") else (ROOT / package.target).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{package.name.strip('@').replace('/', '-')}.LICENSE.txt"


def bundle_echarts(work: Path) -> None:
    """Bundle the chart types we draw (echarts-entry.js) into one ES module."""
    esbuild = work / "node_modules" / ".bin" / "esbuild"
    command = [
        str(esbuild),
        "echarts-entry.js",
        "--bundle",
        "--format=esm",
        "--minify",
        "--target=es2020",
        "--legal-comments=inline",
        "--log-level=warning",
        f"--outfile={VENDOR / 'echarts.js'}",
    ]
    subprocess.run(command, cwd=work, check=True)


def write_sprite(modules: Path) -> None:
    """Write static/icons.svg: one <symbol> per name in icons.txt, from the outline set."""
    names = sorted(set((TOOLS / "icons.txt").read_text(encoding="utf-8").split()))
    symbols = []
    for name in names:
        drawing = (modules / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"\s*\n\s*", "", drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.index("</svg>")])
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    head = '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons, MIT licence, built by tools/vendor.py -->\n'
    SPRITE.write_text(head + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8")


def write_manifest(modules: Path) -> None:
    """Record name, version, licence and SHA-256 of every vendored file."""
    entries = []
    for package in PACKAGES:
        about = json.loads((modules / package.name / "package.json").read_text(encoding="utf-8"))
        paths = [ROOT / package.target, licence_path(package)]
        entries.append(
            {
                "name": package.name,
                "version": about["version"],
                "licence": about["license"],
                "files": {str(path.relative_to(ROOT)): digest(path) for path in paths},
            }
        )
    MANIFEST.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check() -> int:
    """Compare every file with the manifest; prints the differences, returns 1 when there is one."""
    wrong = []
    for entry in json.loads(MANIFEST.read_text(encoding="utf-8")):
        for name, wanted in entry["files"].items():
            path = ROOT / name
            if not path.is_file():
                wrong.append(f"{name}: missing")
            elif digest(path) != wanted:
                wrong.append(f"{name}: differs from what {entry['name']} {entry['version']} shipped")
    print("\n".join(wrong) if wrong else "vendored files are as recorded")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
