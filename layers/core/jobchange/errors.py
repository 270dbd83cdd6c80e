"""What can go wrong in a use case, each with the HTTP status and title it is answered with.

JobChangeError
├── BadRequest        400
├── Unauthorized      401
├── Forbidden         403
├── NotFound          404
├── Conflict          409
├── TooLarge          413
├── Unprocessable     422
│   └── UnknownParameters
├── NoChampion        503
└── ModelRefused      503
"""


class JobChangeError(Exception):
    """`str(error)` is the detail: what happened and what to do, in words that anybody may read."""

    status = 500
    title = "Internal error"


def public_message(error: Exception) -> str:
    """What may be kept of an error: its kind, and its words where they were written for anybody to read."""
    return f"{type(error).__name__}: {error}" if isinstance(error, JobChangeError) else type(error).__name__


class BadRequest(JobChangeError):
    status, title = 400, "Bad request"


class Unauthorized(JobChangeError):
    status, title = 401, "Not signed in"


class Forbidden(JobChangeError):
    status, title = 403, "Not allowed"


class NotFound(JobChangeError):
    status, title = 404, "Not found"


class Conflict(JobChangeError):
    status, title = 409, "Conflict"


class TooLarge(JobChangeError):
    status, title = 413, "Too large"


class Unprocessable(JobChangeError):
    status, title = 422, "Not valid"


class UnknownParameters(Unprocessable):
    """Parameters of a query that a route doesn't take; `reasons` has what is wrong with each."""

    def __init__(self, reasons: dict[str, str]) -> None:
        # Without their names, which may be anything: an operator's call is recorded with this sentence.
        super().__init__("The query has a parameter that this address doesn't take. See errors.")
        self.reasons = reasons


class NoChampion(JobChangeError):
    """No model has been promoted yet."""

    status, title = 503, "No model yet"

    def __init__(self) -> None:
        super().__init__("No model has been promoted yet. Train one (make train) and try again.")


class ModelRefused(JobChangeError):
    """A model whose files, contract or probes aren't what its profile says. It is never used."""

    status, title = 503, "Model refused"
