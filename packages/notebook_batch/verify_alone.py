"""Whether this folder is, byte for byte, what its run left: `python verify.py`, with Python and nothing else.

Reads `run.json`, checks its own seal, then the SHA-256 of every file it lists. Exit 0: all is as it was; 1: each file
that was changed, is missing or was added stands on a line of its own.
"""

import hashlib
import json
import sys
from pathlib import Path

MARK, END = b',\n "seal": ', b"\n}\n"


def digest(content: bytes) -> str:
    """SHA-256 as the record writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def faults(folder: Path) -> list[str]:
    """What is not as the record says, a line for each file; nothing where all is."""
    content = (folder / "run.json").read_bytes()
    head, mark, tail = content.rpartition(MARK)
    if not mark or tail != f'"{digest(head + END)}"'.encode() + END:
        return ["run.json: changed"]
    record = json.loads(content)
    listed = dict(record["files"])
    for job in record["jobs"]:
        listed |= job.get("files", {})
    there, strange = set(), set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or (path.is_dir() and any(path.iterdir()))):
            strange.add(name)
        elif path.is_file():
            there.add(name)
    found = [f"{name}: missing" for name in sorted(set(listed) - there - strange)]
    found += [f"{name}: a link, an empty folder or no file" for name in sorted(strange)]
    found += [f"{name}: added" for name in sorted(there - set(listed) - {"run.json"})]
    for name in sorted(set(listed) & there):
        if digest((folder / name).read_bytes()) != listed[name]["hash"]:
            found.append(f"{name}: changed")
    return found


def main() -> int:
    """Check the folder that this file stands in, or the one that is named."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    folder = folder if folder.is_dir() else folder.parent
    try:
        found = faults(folder)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        found = [f"run.json: cannot be read ({error})"]
    print("\n".join(found) or f"{folder.name}: every file is as its run left it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
