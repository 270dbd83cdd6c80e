"""The examples in the API's description: one for each shape that a route takes or gives."""

from typing import Any

from jobchange import contract
from jobchange.candidate import EXAMPLE, MAX_BYTES, MAX_CANDIDATES, optional
from jobchange.drift import Verdict
from jobchange.errors import Unauthorized

_AT = "2026-01-31T09:30:00.125Z"
_FILE_ID = "f2b1c4d5e6a7980f2b1c4d5e6a79801a"
_UPLOAD_ID = "u19bce7d2a009f1c2b3a4d5e6f708"
_VERSION = "20260131T081500Z-1a2b3c4d"

PREDICTION: dict[str, Any] = {
    "id": "B-5X2LegtJF9hl-jLqWLFsLmqf89CHAzzzzz--",
    "created_at": _AT,
    "source": "api",
    "model_version": _VERSION,
    "enrollee_id": EXAMPLE["enrollee_id"],
    "features": {name: value for name, value in EXAMPLE.items() if name != contract.IDENTIFIER},
    "probability": 0.62,
    "will_change": True,
    "file_id": None,
    "row": None,
    "explanation": [
        {"feature": "company_size", "value": EXAMPLE["company_size"], "contribution": -0.41},
        {"feature": "training_hours", "value": EXAMPLE["training_hours"], "contribution": 0.05},
    ],
}
PREDICTIONS = {"predictions": [PREDICTION]}
PREDICTIONS_PAGE = {**PREDICTIONS, "next_cursor": None}

_ISSUE = {"type": contract.Issue.OUT_OF_RANGE, "column": "training_hours", "severity": "error", "rows": 2}
FILE: dict[str, Any] = {
    "file_id": _FILE_ID,
    "name": "candidates.csv",
    "upload_id": _UPLOAD_ID,
    "status": "SCORED",
    "criticality": "minor",
    "reason": None,
    "rows": {"total": 400, "good": 398, "bad": 2, "repaired": 5},
    "issues": [_ISSUE],
    "drift": {
        "verdict": Verdict.STABLE,
        "columns": [{"column": "experience", "psi": 0.02, "threshold": 0.1, "verdict": Verdict.STABLE}],
    },
    "replaces": [],
    "recovered": 0,
    "scored": 398,
    "scores": [120, 90, 60, 40, 30, 20, 15, 12, 8, 3],
    "failure": None,
    "model_version": _VERSION,
    "uploaded_at": _AT,
    "validated_at": "2026-01-31T09:30:02.000Z",
    "predicted_at": "2026-01-31T09:31:00.000Z",
}
FILE_WITH_EXAMPLES = {
    **FILE,
    "issues": [{**_ISSUE, "examples": [{"row": 17, "value": "5000"}]}],
    "recovered_by": [],
}
FILES_PAGE = {"files": [FILE], "next_cursor": None}
LINK = {"url": f"https://s3.eu-west-1.amazonaws.com/jobchange-lake/reports/{_FILE_ID}.html?X-Amz-Signature=1a2b"}

NEW_UPLOAD = {"name": "candidates.csv"}
UPLOAD = {
    "upload_id": _UPLOAD_ID,
    "url": "https://s3.eu-west-1.amazonaws.com/jobchange-lake",
    "fields": {"key": f"raw/{_UPLOAD_ID}/candidates.csv", "Content-Type": "text/csv", "policy": "eyJ…"},
    "key": f"raw/{_UPLOAD_ID}/candidates.csv",
    "expires_at": "2026-01-31T09:40:00.125Z",
    "max_bytes": 1 << 30,
}

RUNS_PAGE = {
    "runs": [
        {
            "id": f"{_AT}#1a2b3c4d",
            "kind": "scoring",
            "status": "SUCCEEDED",
            "reason": None,
            "counts": {"files": 1, "parts": 1},
            "started_at": _AT,
            "seconds": 0.4,
        }
    ],
    "next_cursor": None,
}

_COLUMN = contract.BY_NAME["last_new_job"]
CONTRACT = {
    "version": contract.VERSION,
    "columns": [
        {
            **{
                name: getattr(_COLUMN, name)
                for name in ("name", "kind", "label", "help", "group", "minimum", "maximum")
            },
            **{name: getattr(_COLUMN, name) for name in ("nullable", "feature", "required")},
            "levels": list(_COLUMN.levels),
            "optional": optional(_COLUMN),
        }
    ],
    "cities": dict([next(iter(contract.CITIES.items()))]),
    "limits": {"candidates": MAX_CANDIDATES, "bytes": MAX_BYTES},
}

MODEL = {
    "version": _VERSION,
    "created_at": "2026-01-31T08:15:00.000Z",
    "promoted_at": "2026-01-31T08:16:00.000Z",
    "promoted_by": "make train",
    "metrics": {"roc_auc": 0.804, "log_loss": 0.433},
    "card": {"rows": 19158, "threshold": 0.3},
}
HEALTH = {"status": "ok"}
PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": Unauthorized.title,
    "status": Unauthorized.status,
    "detail": "Send a token: Authorization: Bearer <token>.",
}
