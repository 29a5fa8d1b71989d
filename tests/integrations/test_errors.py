"""Every documented error shape is read, and none of them leaks."""

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


def test_error_bodies_of_every_shape_are_read():
    """JSON in its forms, XML, HTML and bare text."""
    shapes: list[tuple[bytes, str, set[str]]] = [
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
    ]
    for body, words, codes in shapes:
        said = parse_error(body)
        assert words in said.words, body[:80]
        assert said.codes == codes, body[:80]
        assert len(said.words) <= 200, body[:80]


def test_secrets_are_taken_out():
    """Known ones, those behind a telling word, and those that look like one."""
    texts = [
        "Token expired: s3cr3t",
        "Authorization: Bearer s3cr3t",
        "refresh_token=s3cr3t&x=1",
        "known s3cr3t",
        "eyJhbGciOiJkaXIi.s3cr3t.AAAAAAAAAAAA",
    ]
    assert [text for text in texts if "s3cr3t" in redact(text, ["s3cr3t"])] == []
