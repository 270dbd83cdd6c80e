"""What programs leave beside files and is no file of candidates: markers of folders and jobs, and hidden files."""

_OF_SYSTEMS = ("thumbs.db", "desktop.ini")


def clutter(key: str, size: int) -> str | None:
    """What an object of this key and size is, if it is no file of candidates; else None."""
    name = key.rsplit("/", 1)[-1]
    if not name or (not size and name.endswith("_$folder$")):
        return "a folder's marker"
    if name.startswith("."):
        return "a hidden file"
    if name.startswith("~$"):
        return "an Office program's lock"
    if name.lower() in _OF_SYSTEMS:
        return "a system's file"
    if not size and name.startswith("_"):
        return "a job's marker"
    return None
