"""Records of files, as ingestion leaves them."""

from jobchange.contract import Criticality
from jobchange.store import claims
from jobchange.store.claims import Claim
from jobchange.store.files import RowCounts, Status, Validation
from jobchange.store.source_objects import SourceObject


def an_upload(file_id: str = "f1", uploaded_at: str = "2026-11-01T10:00:00.000Z") -> SourceObject:
    return SourceObject(
        file_id=file_id,
        bucket="test-lake",
        key=f"raw/{file_id}.csv",
        version_id="v1",
        size=10,
        uploaded_at=uploaded_at,
    )


def claimed(upload: SourceObject, champion: str | None = "m1") -> Claim:
    claim = claims.claim(upload, champion=champion, challenger=None)
    assert claim is not None
    return claim


def finish(claim: Claim, *, parts: int = 2, status: Status = Status.VALIDATED) -> bool:
    rows = RowCounts(total=5, good=5)
    validation = Validation(status=status, criticality=Criticality.OK, rows=rows, parts=parts)
    return claims.finish(claim, validation=validation, findings={"findings": []})
