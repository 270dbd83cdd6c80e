"""How `make deploy` publishes the page, on an account in memory."""

from pathlib import Path

import pytest

from infra.commands import deploy
from infra.stacks import current

pytestmark = pytest.mark.usefixtures("aws")
BUCKET = "test-site"


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """With which caching each file of a small page is published."""
    monkeypatch.setenv("TARGET", "aws")
    for cached in (current.stack, current._client):
        cached.cache_clear()
    monkeypatch.setattr(current, "resources", lambda: {"SiteBucket": BUCKET})
    monkeypatch.setattr(deploy, "outputs", lambda: {"api_url": "https://a", "ops_url": "https://b"})
    current.s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for name in ("index.html", "icon.svg", "assets/index-abc.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    deploy._publish_site(tmp_path)

    keys = [each["Key"] for each in current.s3().list_objects_v2(Bucket=BUCKET)["Contents"]]
    found = {key: current.s3().head_object(Bucket=BUCKET, Key=key)["CacheControl"] for key in keys}
    for cached in (current.stack, current._client):
        cached.cache_clear()
    return found


def test_what_is_named_by_its_content_is_kept_for_ever_and_all_else_asked_for_each_time(
    published: dict[str, str],
) -> None:
    assert published == {
        "assets/index-abc.js": "public, max-age=31536000, immutable",
        "config.json": "no-cache",
        "icon.svg": "no-cache",
        "index.html": "no-cache",
    }
