"""The whole archive in one folder or file: taken out, taken in, compared. Everything in it is guarded by hashes.

manifest.json    what is in it: version, tables with their columns, number of rows and SHA-256
tables/*.jsonl   the rows, one JSON list per line, in the order of the columns and of the keys
people.json      users (without passwords) and groups; rows name them by their names
files/...        originals and pictures under their storage names
files.sha256     their hashes, as `sha256sum --check` reads them
"""

from documents.pipeline.archiving.moving import ArchiveProblem, Report, check, export_archive, import_archive

__all__ = ["ArchiveProblem", "Report", "check", "export_archive", "import_archive"]
