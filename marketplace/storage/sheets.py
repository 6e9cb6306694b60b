"""The cells of an XLSX workbook's first sheet, without trusting what the archive says about itself.

Three attacks end here: archives that unpack to far more than they say (the reader only sees an archive repacked from counted
bytes), a lone cell at the far corner (readers allocate the whole rectangle), and broken parts.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

from marketplace.kernel.errors import Invalid
from marketplace.kernel.lazy import LazyModule

calamine = LazyModule("python_calamine")

MOST_PARTS = 2_000
MOST_COLUMNS = 100
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,9})([0-9]{1,12})\s*["']""")
_ESCAPED = re.compile(rb"""\br\s*=\s*["'][^"'<>]{0,40}&""")


def cells(data: bytes, most_bytes: int, most_rows: int) -> list[list[Any]]:
    """Return the first sheet's rows; whole numbers come as int, dates as ISO text. Raises Invalid on ``upload``."""
    copy = io.BytesIO(_repacked(data, most_bytes, most_rows))
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(copy)
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader is no Exception, and must not look like a crash of ours
        raise Invalid("imports.workbook", field="upload") from error
    return [[_plain(cell) for cell in row] for row in rows]


def _repacked(data: bytes, most_bytes: int, most_rows: int) -> bytes:
    """Return the archive anew, its parts stored, having counted every byte."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as copy:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_bytes:
                raise Invalid("imports.unpacks", {"limit": most_bytes // 1024 // 1024}, field="upload")
            if len({part.filename for part in parts}) != len(parts):
                raise Invalid("imports.workbook", field="upload")
            for part in parts:
                content = archive.read(part)
                if part.filename.lower().endswith(".xml"):
                    _require_small(content, most_rows)
                copy.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, NotImplementedError) as error:
        raise Invalid("imports.workbook", field="upload") from error
    return target.getvalue()


def _require_small(content: bytes, most_rows: int) -> None:
    """Refuse sheets that name a cell far outside: the reader would reserve memory for all between.

    Other parts name no cells; every office program's theme says ``r="50000"`` and means a gradient.
    """
    if b"\0" in content or _ESCAPED.search(content) or b"<!DOCTYPE" in content:
        raise Invalid("imports.workbook", field="upload")
    if b"sheetData" not in content:
        return
    for letters, digits in _PLACE.findall(content):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        if column > MOST_COLUMNS or int(digits) > most_rows + 1:
            raise Invalid("imports.sheet", {"rows": most_rows, "columns": MOST_COLUMNS}, field="upload")


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, bool) else str(cell)


def csv_cells(data: bytes, most_rows: int) -> list[list[str]] | None:
    """Return the rows of a CSV file in UTF-8 or GB 18030, at most ``most_rows`` + 1 of them; None when it is no such file."""
    if b"\x00" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            reader = csv.reader(io.StringIO(data.decode(encoding), newline=""))
            return [row for _number, row in zip(range(most_rows + 1), reader, strict=False)]
        except UnicodeDecodeError:
            continue
        except csv.Error:
            return None
    return None
