"""What is laid down stays as it was, in a folder as in a bucket; what cannot be laid down is told of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import deposit
from infra.aws import CloudServiceUnavailable
from infra.deposit import Deposit
from infra.deposit.places import Bucket, DepositDiffers, PlaceMisnamed, parse
from infra.settings import AuditSettings
from tests.infra.deposit.double import Double

NAMES = [f"one/{n:012}.note" for n in range(5)] + ["two/000000000001.note"]


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, bucket: Double) -> Iterator[Deposit]:
    yield deposit.at(bucket.url if request.param == "bucket" else str(tmp_path / "kept"))
    assert bucket.refused == []


async def test_texts_are_kept_in_order_of_their_names(kept: Deposit) -> None:
    for name in reversed(NAMES):
        await kept.lay_down(name, f"Zoë's {name}\n")

    assert await kept.texts("one/") == [f"Zoë's {name}\n" for name in NAMES[:5]]
    assert await kept.texts("") == [f"Zoë's {name}\n" for name in NAMES]
    assert await kept.texts("three/") == []


async def test_the_same_text_may_come_twice_and_another_never(kept: Deposit) -> None:
    await kept.lay_down("one.note", "first")
    await kept.lay_down("one.note", "first")
    with pytest.raises(DepositDiffers):
        await kept.lay_down("one.note", "second")

    assert await kept.texts("") == ["first"]


async def test_a_name_with_odd_characters_is_one_name(kept: Deposit) -> None:
    names = ["a b/c+d&e=f%20g.note", "a b/ü?x#y.note"]
    for name in names:
        await kept.lay_down(name, name)

    assert sorted(await kept.texts("a b/")) == sorted(names)


async def test_a_bucket_that_does_not_serve_is_unavailable(bucket: Double) -> None:
    kept = deposit.at(bucket.url)
    bucket.broken = 503
    with pytest.raises(CloudServiceUnavailable) as busy:
        await kept.lay_down("one.note", "first")
    assert busy.value.facts["status"] == 503

    gone = deposit.at("s3://kept-notes?endpoint=http://127.0.0.1:9")
    with pytest.raises(CloudServiceUnavailable) as away:
        await gone.lay_down("one.note", "first")
    assert away.value.facts == {"status": None, "reason": "ConnectError"}


async def test_wrong_keys_and_regions_are_refused(bucket: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = deposit.at(bucket.url.replace("eu-test-1", "eu-test-2"))
    with pytest.raises(CloudServiceUnavailable):
        await elsewhere.texts("")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(CloudServiceUnavailable) as refused:
        await deposit.at(bucket.url).texts("")

    assert refused.value.facts["status"] == 403
    assert bucket.refused == ["signed for another service or region", "another signature"]


async def test_lent_keys_carry_their_token(bucket: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "lent for an hour")
    await deposit.at(bucket.url).lay_down("one.note", "first")

    assert (bucket.refused, bucket.texts) == ([], {"trail/one.note": b"first"})


async def test_without_keys_nothing_is_asked(
    bucket: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    with pytest.raises(CloudServiceUnavailable) as refused:
        await deposit.at(bucket.url).texts("")

    assert refused.value.facts["reason"] == "no_credentials"
    assert bucket.asked == []


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("s3://notes/a/b?region=eu-west-1", "https://notes.s3.eu-west-1.amazonaws.com"),
        ("s3://no.tes?region=eu-west-1", "https://s3.eu-west-1.amazonaws.com/no.tes"),
        ("s3://notes/?endpoint=https://minio.example:9000/", "https://minio.example:9000/notes"),
    ],
)
def test_a_bucket_is_found_by_its_address(written: str, url: str) -> None:
    place = parse(written)
    assert isinstance(place, Bucket)
    assert place.url == url


def test_an_address_says_what_is_wrong_with_it() -> None:
    for written in (
        "ftp://notes", "s3://", "s3://No_tes", "s3://user:key@notes", "s3://notes:80", "s3://notes?acl=public",
        "s3://notes?region=a.evil.example/", "s3://notes?endpoint=minio", "s3://notes?endpoint=https://a@b",
    ):  # fmt: skip
        with pytest.raises(PlaceMisnamed, match="is no place for texts"):
            AuditSettings.read({"AUDIT_CHECKPOINTS": written})
    assert AuditSettings.read({"AUDIT_CHECKPOINTS": "/mnt/kept"}).checkpoints == "/mnt/kept"
    assert AuditSettings.read({}).checkpoints is None
