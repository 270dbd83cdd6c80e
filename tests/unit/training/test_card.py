"""What a model's card tells: importances, groups, calibration, and a page that needs nothing but itself."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, roc_auc_score

from data.generate import generate
from jobchange import contract
from jobchange.contract import bins
from jobchange.registry.artifact import TrainedModel
from jobchange.registry.threshold import DEFAULT
from jobchange.training import card_html
from jobchange.training.card import card
from jobchange.training.dataset import Dataset
from jobchange.training.evaluate import Evaluation, cross_validate
from jobchange.training.importance import importances
from jobchange.training.profile import profile
from jobchange.training.slices import slices
from tests.support.labelled import dataset_of

pytestmark = pytest.mark.large


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return dataset_of("".join(generate(3_000, seed=9)).splitlines())


@pytest.fixture(scope="module")
def evaluation(dataset: Dataset) -> Evaluation:
    return cross_validate(dataset.features, dataset.target, 1, lambda _: None)


@pytest.fixture(scope="module")
def described(dataset: Dataset, evaluation: Evaluation) -> dict[str, Any]:
    """The card, but for what has a test of its own."""
    scores = profile(
        evaluation.models[0], dataset, evaluation, rule=DEFAULT, seed=1, trained_at="2026-01-31T00:00:00.000Z"
    )
    return card(dataset, evaluation, scores, importances=[], slices=[], gates=[], average=0.25, seed=1)


def test_what_decides_is_important_and_what_does_not_is_not(dataset: Dataset, evaluation: Evaluation) -> None:
    found = importances(evaluation, dataset.features, dataset.target, seed=1)

    means = {each.feature: each.mean for each in found}
    assert found[0].feature == "city_development_index"
    assert means["city_development_index"] > 0.05
    # The generator draws training hours without regard to anything.
    assert abs(means["training_hours"]) < 0.02
    assert [each.mean for each in found] == sorted(means.values(), reverse=True)


def test_every_row_is_in_one_slice_of_each_column_and_the_rates_are_those_of_its_rows(
    dataset: Dataset, evaluation: Evaluation
) -> None:
    found = slices(dataset, evaluation)

    called = evaluation.probabilities >= evaluation.threshold
    for name in contract.GROUPED:
        column = contract.BY_NAME[name]
        of_column = [each for each in found if each.column == name]
        assert sum(each.rows for each in of_column) == len(dataset)
        for each in of_column:
            rows = np.array([column.bins[bins.bin_of(column, value)] == each.level for value in dataset.columns[name]])
            assert each.rows == rows.sum()
            assert each.observed.value == pytest.approx(dataset.target[rows].mean())
            assert each.predicted == pytest.approx(evaluation.probabilities[rows].mean(), abs=1e-6)
            assert each.selected.value == pytest.approx(called[rows].mean())
            looking = rows & (dataset.target == 1)
            if looking.any():
                assert each.true_positive_rate is not None
                assert each.true_positive_rate.value == pytest.approx(called[looking].mean())
                assert each.true_positive_rate.low <= each.true_positive_rate.value <= each.true_positive_rate.high


def test_the_card_tells_what_an_auditor_asks_for(trained: TrainedModel) -> None:
    card = trained.card

    assert card["purpose"]
    assert card["uses"]
    assert card["not_for"]
    assert card["limits"]
    for name, value in card["metrics"].items():
        assert card["intervals"][name]["low"] <= value <= card["intervals"][name]["high"]
    assert sum(point["rows"] for point in card["calibration"]) == card["data"]["rows"]
    assert {each["feature"] for each in card["importances"]} == set(card["features"])
    assert {each["column"] for each in card["slices"]} == set(contract.GROUPED)
    # Where a file lay on somebody's machine is nobody's business.
    assert all("/" not in file["name"] for file in card["data"]["files"])
    assert sum(file["used"] for file in card["data"]["files"]) + card["data"]["outcomes"] == card["data"]["rows"]


def test_the_curves_are_those_of_scikit_learn_at_each_threshold_and_the_confusion_matrix_is_counted(
    dataset: Dataset, evaluation: Evaluation, described: dict[str, Any]
) -> None:
    points, predicted, looking = described["operating_points"], evaluation.probabilities, dataset.target == 1
    assert len(points["thresholds"]) <= 101
    rates = _rates(points)
    for threshold, called, found, false_alarms in zip(points["thresholds"], points["called"], *rates, strict=True):
        assert called == (predicted >= threshold).sum()
        assert found == pytest.approx((predicted[looking] >= threshold).mean())
        assert false_alarms == pytest.approx((predicted[~looking] >= threshold).mean())
    # So few points leave out little of the curve.
    area = -np.trapezoid(rates[0], rates[1])
    assert area == pytest.approx(roc_auc_score(dataset.target, predicted), abs=0.003)

    (left_alone, false_positives), (missed, found) = confusion_matrix(looking, predicted >= evaluation.threshold)
    assert described["confusion"] == {
        "true_positives": found,
        "false_positives": false_positives,
        "false_negatives": missed,
        "true_negatives": left_alone,
    }


def _rates(points: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of those looking and of the others, the share that is called at each threshold."""
    called, right = np.array(points["called"]), np.array(points["right"])
    return right / points["looking"], (called - right) / (points["rows"] - points["looking"])


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_tells_the_card_and_asks_nobody_for_anything(trained: TrainedModel) -> None:
    html = trained.page.decode()
    read_page = Page(html)

    assert trained.version in read_page.text
    for each in (*trained.card["limits"], *trained.card["not_for"], *(gate["sentence"] for gate in trained.gates)):
        assert each in read_page.text
    for group in trained.card["slices"]:
        assert group["level"] in read_page.text
    assert {tag for tag, _ in read_page.tags}.isdisjoint({"script", "link", "img", "iframe", "a", "form"})
    assert not re.search(r"https?://|url\(|@import", html)
    (policy,) = (a["content"] for tag, a in read_page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert len(trained.page) < 200_000


def test_the_page_draws_the_curves_and_says_them_in_numbers_too(trained: TrainedModel) -> None:
    read_page = Page(trained.page.decode())
    card, cells = trained.card, trained.card["confusion"]

    curves = [a["points"] or "" for tag, a in read_page.tags if tag == "polyline"]
    roc, precision = ([tuple(map(float, point.split(","))) for point in curve.split()] for curve in curves)
    assert (roc[0], roc[-1]) == ((330, 10), (54, 280))
    assert all(54 <= x <= 330 and 10 <= y <= 280 for x, y in [*roc, *precision])
    labels = " ".join(a.get("aria-label") or "" for tag, a in read_page.tags if tag == "svg")
    found = cells["true_positives"] / card["data"]["positives"]
    assert f"ROC curve. At the threshold, {found:.0%} of those looking are found" in labels
    for name, words in {
        "true_positives": "called and looking",
        "false_positives": "called, not looking",
        "false_negatives": "missed",
        "true_negatives": "rightly left alone",
    }.items():
        assert f"{cells[name]} ({cells[name] / card['data']['rows']:.1%}){words}" in read_page.text
    assert "-0.000" not in read_page.text


@pytest.mark.parametrize("called", [0, 600])
def test_a_model_that_calls_nobody_or_everybody_has_a_page(trained: TrainedModel, called: int) -> None:
    rows, looking = trained.card["data"]["rows"], trained.card["data"]["positives"]
    cells = {
        "true_positives": looking if called else 0,
        "false_positives": rows - looking if called else 0,
        "false_negatives": 0 if called else looking,
        "true_negatives": 0 if called else rows - looking,
    }

    html = card_html.render(replace(trained, card={**trained.card, "confusion": cells}))

    assert ("Nobody reaches the threshold." in html) == (not called)


def test_what_stands_in_the_card_is_escaped(trained: TrainedModel) -> None:
    gates: list[dict[str, Any]] = [{**gate, "passed": False, "sentence": "<b>&"} for gate in trained.gates]

    html = card_html.render(replace(trained, card={**trained.card, "gates": gates}))

    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html
    assert "Failed" in html
