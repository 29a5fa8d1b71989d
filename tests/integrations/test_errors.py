"""Every documented error shape is read, and none of them leaks."""

import pytest

from integrations.errors import parse_error, redact

FAULT = (
    b'{"Fault":{"Error":[{"Message":"Invalid query","Detail":"bad","code":"4001"}],'
    b'"type":"ValidationFault"},"time":"x"}'
)
GATEWAY = (
    b'{"warnings":null,"fault":{"error":[{"message":"message=AuthenticationFailed; '
    b'errorCode=003200; statusCode=401","detail":'
    b'"Token expired: AB01601390262kxzxOlnHYdh","code":"3200","element":null}],"type":"X"}}'
)
XML = (
    b'<?xml version="1.0"?><IntuitResponse><Fault type="SERVICE"><Error code="3001">'
    b"<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>"
    b"<Detail>The limit was reached. Try again later</Detail></Error></Fault></IntuitResponse>"
)


@pytest.mark.parametrize(
    ("body", "words", "codes"),
    [
        (FAULT, "Invalid query; bad", {"4001"}),
        (GATEWAY, "AuthenticationFailed, code 3200; Token expired: [hidden]", {"3200"}),
        (XML, "ThrottleExceeded, code 3001; The limit was reached.", {"3001"}),
        (b'{"errors":["App is not connected to this company."]}', "App is not connected", set()),
        (b'{"errors":[{"name":["can\'t be blank"]}]}', "name can't be blank", set()),
        (b'{"errors":{"name":["is odd"]}}', "name is odd", set()),
        (b'{"error":"Invalid Token"}', "Invalid Token", set()),
        (
            b'{"error":{"code":"BAD_REQUEST","message":"Missing","details":[{"message":"no"}]}}',
            "Missing; no",
            {"BAD_REQUEST"},
        ),
        (b'{"message":"","exception":""}', "", set()),
        (b"<html><head><title>Oops</title></head>x</html>", "Oops", set()),
        (b"Missing Procore-Company-Id header!\n\nEach", "Missing Procore-Company-Id", set()),
        (b'{"errors":[{"message":"GraphQL says no"}]}', "GraphQL says no", set()),
        (b"\xff\xfe[", "", set()),
        (b"", "", set()),
        (b"[" * 5000, "[", set()),
    ],
)
def test_error_bodies_of_every_shape_are_read(body, words, codes):
    """JSON in its forms, XML, HTML and bare text."""
    said = parse_error(body)
    assert words in said.words
    assert said.codes == codes
    assert len(said.words) <= 200


@pytest.mark.parametrize(
    "text",
    [
        "Token expired: s3cr3t",
        "Authorization: Bearer s3cr3t",
        "refresh_token=s3cr3t&x=1",
        "known s3cr3t",
        "eyJhbGciOiJkaXIi.s3cr3t.AAAAAAAAAAAA",
    ],
)
def test_secrets_are_taken_out(text):
    """Known ones, those behind a telling word, and those that look like one."""
    assert "s3cr3t" not in redact(text, ["s3cr3t"])
