from jobchange import contract
from jobchange.contract import COLUMNS, Criticality, Issue, Severity, criticality, read
from jobchange.contract.issues import OF_COLUMNS


def test_no_column_has_more_than_ten_bins() -> None:
    assert all(len(column.bins) <= 10 for column in COLUMNS)


def test_every_feature_has_a_histogram() -> None:
    assert all(column.bins for column in contract.FEATURES)


def test_groups_of_levels_hold_each_level_once_and_in_order() -> None:
    for column in COLUMNS:
        if column.groups:
            assert tuple(level for group in column.groups for level in group) == column.levels


def test_what_identifies_or_is_protected_is_no_feature() -> None:
    features = {column.name for column in contract.FEATURES}

    assert features.isdisjoint({"enrollee_id", "gender", "city", "target"})
    assert len(features) == 10


def test_every_repair_leads_to_a_level_and_starts_from_none() -> None:
    for column in COLUMNS:
        assert set(column.repairs.values()) <= set(column.levels)
        assert set(column.repairs).isdisjoint(column.levels)


def test_no_level_is_a_spelling_of_missing() -> None:
    for column in COLUMNS:
        assert all(read(column, level).value == level for level in column.levels)


def test_every_issue_has_its_severity_sentence_and_advice() -> None:
    assert all(each.heading and each.sentence.endswith(".") and each.advice.endswith(".") for each in Issue)


def test_criticality_follows_the_share_of_bad_rows() -> None:
    assert criticality(total=100, bad=0, fatal=None) is Criticality.OK
    assert criticality(total=100, bad=1, fatal=None) is Criticality.MINOR
    assert criticality(total=100, bad=5, fatal=None) is Criticality.MAJOR
    assert criticality(total=100, bad=25, fatal=None) is Criticality.CRITICAL


def test_a_column_unlike_training_makes_a_file_minor_at_least() -> None:
    for issue in Issue:
        expected = Criticality.MINOR if issue in OF_COLUMNS else Criticality.OK
        assert criticality(total=100, bad=0, fatal=None, issues={issue}) is expected
        assert criticality(total=100, bad=5, fatal=None, issues={issue}) is Criticality.MAJOR


def test_a_rejected_file_is_critical_unless_it_is_a_mere_duplicate() -> None:
    for issue in Issue:
        if issue.severity is Severity.FATAL:
            expected = Criticality.MINOR if issue is Issue.DUPLICATE_FILE else Criticality.CRITICAL
            assert criticality(total=0, bad=0, fatal=issue) is expected


def test_the_fingerprint_is_what_stands_in_models_and_records() -> None:
    # Changing it makes every trained model unusable: raise contract.VERSION and train again.
    assert contract.fingerprint() == "e18b359703c0b0d9"


def test_a_label_is_that_of_a_level_and_no_two_levels_are_read_alike() -> None:
    for column in contract.COLUMNS:
        assert set(column.labels) <= set(column.levels)
        assert len({column.shown(level) for level in column.levels}) == len(column.levels)


def test_people_read_no_misspelling_of_the_data() -> None:
    shown = {column.shown(level) for column in contract.COLUMNS for level in column.levels if column.name != "city"}

    assert {"Relevant experience", "PhD", "Not enrolled", "10–49"} <= shown
    assert not {level for level in shown if "relevent" in level or "_" in level}
