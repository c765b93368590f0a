"""The check of signatures agrees with the examples that Amazon publishes (S3 API reference, "Examples: Signature Calculations")."""

from datetime import UTC, datetime

import pytest

from tests.signatures import why_refused

SECRETS = {"AKIAIOSFODNN7EXAMPLE": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
MOMENT = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
EXAMPLES = {
    "get": (
        "GET",
        "/test.txt",
        {"range": "bytes=0-9", "x-amz-content-sha256": NOTHING},
        b"",
        "host;range;x-amz-content-sha256;x-amz-date",
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "put": (
        "PUT",
        "/test%24file.text",
        {
            "date": "Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
        },
        b"Welcome to Amazon S3.",
        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    "list": (
        "GET",
        "/?max-keys=2&prefix=J",
        {"x-amz-content-sha256": NOTHING},
        b"",
        "host;x-amz-content-sha256;x-amz-date",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_published_examples_are_taken_and_changed_ones_refused(name: str) -> None:
    method, target, headers, body, signed, signature = EXAMPLES[name]
    sent = headers | {
        "host": "examplebucket.s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={signed},Signature={signature}",
    }

    def judged(target: str = target, body: bytes = body, **changed: str) -> str:
        return why_refused(
            method,
            target,
            sent | changed,
            body,
            secrets=SECRETS,
            service="s3",
            region="us-east-1",
            now=MOMENT,
        )

    assert judged() == ""
    assert judged(target + "x") == "another signature"
    assert judged(body=b"other") == "another body"
    assert judged(host="evil.example") == "another signature"
    assert judged(**{"x-amz-acl": "public-read"}) == "a header that matters is not signed"
