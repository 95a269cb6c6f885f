"""Workbooks that tests of several rooms open: a small, sound one, and the same with parts of it changed."""

import zipfile
from datetime import datetime

import xlsxwriter


def sound_book(path):
    """Write a small, sound workbook."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("Số liệu")
        sheet.write_row(0, 0, ["Tỉnh", "Điểm", "Ngày"])
        sheet.write_row(1, 0, ["Ninh Thuận", 45.505383])
        sheet.write_datetime(1, 2, datetime(2024, 4, 2), made.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_boolean(1, 3, True)
        sheet.merge_range(3, 0, 4, 1, "gộp")
        made.add_worksheet("Ẩn").hide()
    return path


def changed(path, parts, drop=()):
    """A copy of a workbook with parts added or replaced."""
    other = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts and part.filename not in drop:
                new.writestr(part, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return other
