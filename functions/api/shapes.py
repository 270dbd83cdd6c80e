"""The shapes of the answers. Instants are RFC 3339 in UTC, probabilities in [0, 1]."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from jobchange import contract
from jobchange.access.tokens import Role
from jobchange.contract import Criticality, Kind, Severity, candidate
from jobchange.statistics.drift import ColumnDrift, Verdict
from jobchange.store import predictions
from jobchange.store.files import FileDetail, Status
from jobchange.store.prediction_keys import Source
from jobchange.store.upload_forms import NAME as UPLOAD_NAME

Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Probability = Annotated[float, Field(ge=0, le=1)]
Cursor = Annotated[str | None, Field(description="Asks for the next page; null on the last one.")]


class Contribution(BaseModel):
    """How much one value moves the log-odds away from a typical candidate's."""

    feature: str
    value: str | float | None
    contribution: float


class Prediction(BaseModel):
    """One scored candidate."""

    # The model's version is a field of the shape; pydantic would keep the prefix for itself.
    model_config = ConfigDict(protected_namespaces=())

    id: str
    created_at: Instant
    source: Source
    model_version: str
    enrollee_id: int | None
    features: candidate.Features
    probability: Probability = Field(description="That the candidate is looking for a job change.")
    will_change: bool = Field(description="Whether the probability reaches the model's threshold.")
    file_id: str | None = Field(description="The file the candidate came in, if in one.")
    row: int | None = Field(description="The candidate's row in that file.")
    explanation: list[Contribution] = Field(default=[], description="Only where it was asked for; the largest first.")

    @classmethod
    def of(cls, stored: predictions.Prediction) -> Self:
        return cls(**{name: getattr(stored, name) for name in cls.model_fields if name != "explanation"})


class Predictions(BaseModel):
    predictions: list[Prediction]


class PredictionsPage(Predictions):
    next_cursor: Cursor


class _Stored(BaseModel):
    """Made from the type of the same name in the store."""

    # The model's version is a field of some; pydantic would keep the prefix for itself.
    model_config = ConfigDict(from_attributes=True, protected_namespaces=())


class Rows(_Stored):
    total: int
    good: int
    bad: int
    repaired: int = Field(description="Good rows with at least one repaired value.")


class Issue(_Stored):
    """One kind of thing that is wrong in one column, and in how many rows."""

    type: contract.Issue
    column: str | None
    severity: Severity
    rows: int


class Example(_Stored):
    row: int | None = Field(description="The row's number in the file as dropped.")
    value: str | None


class IssueWithExamples(Issue):
    examples: list[Example]


class Drift(_Stored):
    verdict: Verdict = Field(description="The worst of the columns' verdicts.")
    columns: list[ColumnDrift]


class Replaced(_Stored):
    """Quarantined rows of an earlier file that this file brings back, corrected."""

    file_id: str
    rows: int


class Failure(_Stored):
    part: int | None = Field(
        description="The part that could not be scored; null when the file could not be validated."
    )
    reason: str
    at: Instant


class File(_Stored):
    """One ingested file."""

    file_id: str
    name: str
    upload_id: str | None = Field(description="The upload it came by, if it came by form.")
    status: Status
    criticality: Criticality | None
    reason: str | None = Field(description="Why the file was rejected.")
    rows: Rows
    issues: Sequence[Issue]
    drift: Drift | None = Field(description="Against the training data of the model in use when the file came.")
    replaces: list[Replaced]
    recovered: int = Field(
        validation_alias="corrected", description="Distinct bad rows that later files brought back, corrected."
    )
    erased: int = Field(description="Rows, among all these, that were those of candidates erased since.")
    replay_of: str | None = Field(description="The file that this one replays under a later contract.")
    replayed_by: str | None = Field(description="The file whose predictions replace those of this one.")
    scored: int = Field(description="Rows scored so far.")
    scores: list[int] | None = Field(description="How many probabilities lie in each tenth from 0 to 1.")
    failure: Failure | None = Field(description="Why its validation or scoring couldn't go on, until it does.")
    contract_version: str | None = Field(description="The version of the data contract it was validated by.")
    model_version: str | None
    uploaded_at: Instant
    validated_at: Instant | None
    predicted_at: Instant | None


class FileWithExamples(File):
    issues: Sequence[IssueWithExamples]
    recovered_by: list[str] = Field(
        validation_alias="corrected_by", description="The files that brought bad rows of this one back."
    )

    @classmethod
    def of(cls, file: FileDetail) -> Self:
        """The issues of the record with the examples of the findings."""
        findings = (file.findings or {}).get("findings", [])
        examples = {(each["type"], each["column"]): each["examples"] for each in findings}
        issues = [{**vars(issue), "examples": examples.get((issue.type, issue.column), [])} for issue in file.issues]
        return cls.model_validate({**vars(file), "issues": issues})


class FilesPage(BaseModel):
    files: list[File]
    next_cursor: Cursor


class Link(BaseModel):
    """An address that needs no token, for five minutes."""

    url: str


class NewUpload(BaseModel):
    """A file that is to be uploaded."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(pattern=UPLOAD_NAME)] = Field(
        description="Its name without folders, ending in .csv or .csv.gz."
    )


class Upload(BaseModel):
    """A form that uploads one file: post `fields` and then the file, as `file`, in one multipart/form-data to `url`."""

    upload_id: str = Field(description="Finds the file once it is there: GET /files?upload_id=…")
    url: str
    fields: dict[str, str]
    key: str = Field(description="Where in the lake the file will be.")
    expires_at: Instant
    max_bytes: int


class Run(BaseModel):
    """Something the system did on its own or for an operator."""

    id: str
    kind: str
    status: Literal["SUCCEEDED", "SKIPPED", "FAILED"]
    reason: str | None
    counts: dict[str, int]
    started_at: Instant
    seconds: float


class RunsPage(BaseModel):
    runs: list[Run]
    next_cursor: Cursor


class Column(BaseModel):
    """One column of the data contract."""

    name: str
    kind: Kind
    label: str
    help: str
    group: str
    levels: list[str]
    minimum: int | float | None
    maximum: int | float | None
    nullable: bool
    feature: bool = Field(description="Whether the model sees it.")
    required: bool = Field(description="Whether a file must have it.")
    optional: bool = Field(description="Whether a request may leave it out.")


class Limits(BaseModel):
    candidates: int = Field(description="Candidates in one request.")
    bytes: int = Field(description="Bytes of one request's body.")


class Contract(BaseModel):
    """What the data must look like: all that a form needs."""

    version: str
    columns: list[Column]
    cities: dict[str, float] = Field(description="Each known city with its development index.")
    limits: Limits
    bad_shares: dict[Criticality, float] = Field(description="From this share of bad rows a file is so critical.")


class Health(BaseModel):
    status: Literal["ok"]


class Me(BaseModel):
    """Whom a token belongs to."""

    name: str
    role: Role = Field(description="What the token may do: an operator may do all that a user may.")
    source: Source = Field(description="Under which source its predictions are kept.")
