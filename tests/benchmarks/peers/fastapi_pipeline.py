"""What is usually written to serve a scikit-learn pipeline: FastAPI with a pydantic model, a DataFrame, predict_proba.

`application(path)` gives the handler for API Gateway; the pipeline is a joblib file.
"""

from pathlib import Path
from typing import Any

import joblib
import pandas as pd
from fastapi import FastAPI, Header, HTTPException
from mangum import Mangum
from pydantic import BaseModel, Field

TOKEN = "bench"


class Candidate(BaseModel):
    enrollee_id: int | None = None
    city: str
    city_development_index: float = Field(ge=0, le=1)
    gender: str | None = None
    relevent_experience: str
    enrolled_university: str | None = None
    education_level: str | None = None
    major_discipline: str | None = None
    experience: str | None = None
    company_size: str | None = None
    company_type: str | None = None
    last_new_job: str | None = None
    training_hours: int = Field(ge=1, le=1000)


class Prediction(BaseModel):
    enrollee_id: int | None
    probability: float
    will_change: bool


def application(path: Path) -> Any:
    api = FastAPI()
    pipeline = joblib.load(path)

    @api.post("/predictions/predict")
    def predict(candidates: list[Candidate], authorization: str = Header()) -> list[Prediction]:
        if authorization != f"Bearer {TOKEN}":
            raise HTTPException(401)
        frame = pd.DataFrame([candidate.model_dump() for candidate in candidates])
        probabilities = pipeline.predict_proba(frame)[:, 1]
        return [
            Prediction(enrollee_id=candidate.enrollee_id, probability=probability, will_change=probability >= 0.3)
            for candidate, probability in zip(candidates, probabilities, strict=True)
        ]

    return Mangum(api, lifespan="off")
