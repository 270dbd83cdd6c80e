"""The refusal of a whole file."""

from jobchange.contract import Issue


class Rejected(Exception):
    """The file is refused as a whole, for `issue`. `predicate` says what is wrong and what to do: a sentence of which
    the file's name is the subject. `columns` are the contract's columns it is about, if it is about columns."""

    def __init__(self, issue: Issue, predicate: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(predicate)
        self.issue = issue
        self.predicate = predicate
        self.columns = columns
