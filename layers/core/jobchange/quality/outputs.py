"""Where the outputs of a validation go in the lake, and how they are taken back."""

import json
from dataclasses import asdict, dataclass

from jobchange import contract
from jobchange.quality.findings import Findings
from jobchange.store import lake
from jobchange.store.lake_layout import index_key, part_key


@dataclass
class LakeOutputs:
    """Where the validation's outputs go."""

    file_id: str
    upload: lake.MultipartWriter
    parts: int = 0
    runs: int = 0

    def part(self, index: int, body: bytes) -> None:
        self.parts = index + 1
        lake.put(part_key(self.file_id, index), body, content_type="text/csv; charset=utf-8")

    def bad(self, body: bytes) -> None:
        self.upload.write(body)

    def index(self, number: int, body: bytes) -> None:
        self.runs = number + 1
        lake.put(index_key(self.file_id, number), body, content_type="application/octet-stream")


def delete_parts(file_id: str, parts: int) -> None:
    for index in range(parts):
        lake.delete(part_key(file_id, index))


def manifest(findings: Findings) -> bytes:
    parts = [asdict(part) for part in findings.parts]
    return json.dumps({"contract_version": contract.VERSION, "good": findings.good, "parts": parts}).encode()
