"""A candidate as the API takes it."""

from typing import Any

CANDIDATE: dict[str, Any] = {
    "enrollee_id": 4711,
    "city": "city_103",
    "city_development_index": 0.92,
    "gender": "Female",
    "relevent_experience": "Has relevent experience",
    "enrolled_university": "no_enrollment",
    "education_level": "Masters",
    "major_discipline": "STEM",
    "experience": "5",
    "company_size": "50-99",
    "company_type": "Pvt Ltd",
    "last_new_job": "1",
    "training_hours": 36,
}
