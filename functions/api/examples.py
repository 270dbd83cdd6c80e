"""The examples in the API's description: one for each shape that a route takes or gives, by the shape's name."""

from typing import Any

from jobchange import contract
from jobchange.contract.candidate import EXAMPLE, MAX_BYTES, MAX_CANDIDATES, optional
from jobchange.errors import Unauthorized
from jobchange.statistics.drift import Verdict

_AT = "2026-01-31T09:30:00.125Z"
_FILE_ID = "f2b1c4d5e6a7980f2b1c4d5e6a79801a"
_UPLOAD_ID = "u19bce7d2a009f1c2b3a4d5e6f708"
_VERSION = "20260131T081500Z-1a2b3c4d"

_PREDICTION: dict[str, Any] = {
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

_ISSUE = {"type": contract.Issue.OUT_OF_RANGE, "column": "training_hours", "severity": "error", "rows": 2}
_FILE: dict[str, Any] = {
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
    "erased": 0,
    "replay_of": None,
    "replayed_by": None,
    "scored": 398,
    "scores": [120, 90, 60, 40, 30, 20, 15, 12, 8, 3],
    "failure": None,
    "model_version": _VERSION,
    "uploaded_at": _AT,
    "validated_at": "2026-01-31T09:30:02.000Z",
    "predicted_at": "2026-01-31T09:31:00.000Z",
}
_FILE_WITH_EXAMPLES = {
    **_FILE,
    "issues": [{**_ISSUE, "examples": [{"row": 17, "value": "5000"}]}],
    "recovered_by": [],
}
_LINK = {"url": f"https://s3.eu-west-1.amazonaws.com/jobchange-lake/reports/{_FILE_ID}.html?X-Amz-Signature=1a2b"}

_UPLOAD = {
    "upload_id": _UPLOAD_ID,
    "url": "https://s3.eu-west-1.amazonaws.com/jobchange-lake",
    "fields": {"key": f"raw/{_UPLOAD_ID}/candidates.csv", "Content-Type": "text/csv", "policy": "eyJ…"},
    "key": f"raw/{_UPLOAD_ID}/candidates.csv",
    "expires_at": "2026-01-31T09:40:00.125Z",
    "max_bytes": 1 << 30,
}

_RUNS_PAGE = {
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
_CONTRACT = {
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
    "bad_shares": {"major": contract.MAJOR_SHARE, "critical": contract.CRITICAL_SHARE},
}

_MODEL: dict[str, Any] = {
    "version": _VERSION,
    "created_at": "2026-01-31T08:15:00.000Z",
    "status": "PASSED",
    "gates": [
        {
            "gate": "roc_auc",
            "passed": True,
            "value": 0.804,
            "limit": 0.75,
            "sentence": "ROC-AUC is 0.804, at least 0.75.",
        }
    ],
    "reason": None,
    "metrics": {"roc_auc": 0.804, "log_loss": 0.433},
    "promoted_at": "2026-01-31T08:16:00.000Z",
    "promoted_by": "make train",
}
_LIVE: dict[str, Any] = {"outcomes": 500, "auc": 0.79, "brier": 0.14, "ece": 0.02, "cut": False}
_LIVE_VERSION: dict[str, Any] = {
    **_LIVE,
    "version": _VERSION,
    "calibration": [{"from": 0.2, "to": 0.267, "mean_probability": 0.23, "observed_rate": 0.25, "outcomes": 60}],
    "weeks": [{"week": "2026-W05", "outcomes": 500, "auc": 0.79, "brier": 0.14}],
}
_COMPARISON = {
    "challenger": "20260207T081500Z-5e6f7a8b",
    "predictions": 1200,
    "agreement": 0.97,
    "mean_shift": -0.004,
    "outcomes": 80,
    "champion_auc": 0.79,
    "challenger_auc": 0.8,
}
_OUTCOME = {
    "enrollee_id": EXAMPLE["enrollee_id"],
    "observed_at": _AT,
    "changed_job": True,
    "prediction_id": _PREDICTION["id"],
    "model_version": _VERSION,
    "probability": 0.62,
}
_DAY: dict[str, Any] = {"start": "2026-01-31T00:00:00.000Z", "end": "2026-02-01T00:00:00.000Z", "bucket_seconds": 300}
_HOUR = "2026-01-31T09:30:00.000Z"

_PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": Unauthorized.title,
    "status": Unauthorized.status,
    "detail": "Send a token: Authorization: Bearer <token>.",
}

OF_SHAPES: dict[str, Any] = {
    "Prediction": _PREDICTION,
    "Predictions": {"predictions": [_PREDICTION]},
    "PredictionsPage": {"predictions": [_PREDICTION], "next_cursor": None},
    "File": _FILE,
    "FileWithExamples": _FILE_WITH_EXAMPLES,
    "FilesPage": {"files": [_FILE], "next_cursor": None},
    "Link": _LINK,
    "NewUpload": {"name": "candidates.csv"},
    "Upload": _UPLOAD,
    "RunsPage": _RUNS_PAGE,
    "Contract": _CONTRACT,
    "Model": {
        **_MODEL,
        "card": {"rows": 19158, "threshold": 0.3},
        "aliases": {"champion": _VERSION, "challenger": _COMPARISON["challenger"], "previous": None},
        "comparison": _COMPARISON,
        "live": _LIVE,
    },
    "Models": {"models": [{**_MODEL, "role": "champion"}]},
    "Outcomes": {"outcomes": [_OUTCOME]},
    "Traffic": {**_DAY, "points": [{"at": _HOUR, "source": "api", "predictions": 12, "will_change": 4}]},
    "Quality": {
        **_DAY,
        "points": [{"at": _HOUR, "files": 1, "total": 400, "good": 398, "bad": 2, "repaired": 5, "recovered": 0}],
        "issues": [{"at": _HOUR, "type": _ISSUE["type"], "rows": 2}],
        "criticality": {"minor": 1},
        "latency": [{"at": _AT, "file_id": _FILE_ID, "name": "candidates.csv", "seconds": 59.9}],
        "cut": False,
    },
    "DriftByDay": {
        "days": [{"day": "2026-01-31", "rows": 398, "model_version": _VERSION, **_FILE["drift"], "score": None}],
        "cut": False,
    },
    "Scores": {
        "bins": [edge / 10 for edge in range(11)],
        "training": [4000, 3500, 3000, 2500, 2000, 1500, 1200, 800, 500, 158],
        "observed": _FILE["scores"],
        "model_version": _VERSION,
        "cut": False,
    },
    "LiveVersions": {"versions": [_LIVE_VERSION]},
    "Me": {"name": "recruiting", "role": "user", "source": "api"},
    "Health": {"status": "ok"},
    "Problem": _PROBLEM,
}
