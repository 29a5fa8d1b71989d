"""Intuit's own ways of saying no: the API's ``Fault`` and the gateway's lower-case ``fault``.

Shapes follow recorded answers: 400s come from the API in capitals, 401 and 403 from the gateway
in lower case with nulls, 429 as XML even when JSON was asked for.
"""

from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import JSONResponse, Response

from integrations.sandbox.faults import Fault, FaultKind

_MESSAGES = {
    "500": "Unsupported Operation",
    "610": "Object Not Found",
    "2030": "Invalid ID",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "6190": "Invalid Company Status",
    "6240": "Duplicate Name Exists Error",
    "10000": "An application error has occurred while processing your request",
}


class ApiFaultError(Exception):
    """A refusal of the API itself."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 400,
        kind: str = "ValidationFault",
        element: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        error = {"Message": _MESSAGES.get(code, "Error"), "Detail": detail, "code": code}
        self.body: dict[str, Any] = {
            "Error": [{**error, "element": element} if element else error],
            "type": kind,
        }

    def response(self, time: str) -> Response:
        """The refusal as an HTTP answer."""
        return JSONResponse({"Fault": self.body, "time": time}, self.status)


class GatewayFaultError(Exception):
    """A refusal before the API is reached."""

    def __init__(self, status: int, name: str, code: str, kind: str, detail: str | None) -> None:
        super().__init__(name)
        self.status = status
        self.message = f"message={name}; errorCode={code:0>6}; statusCode={status}"
        self.code = code.lstrip("0")
        self.kind = kind
        self.detail = detail

    def response(self, millis: int) -> Response:
        """The refusal as an HTTP answer: XML for a throttle, JSON otherwise."""
        if self.status == 429:
            return self.xml("2026-01-01T00:00:00.000-08:00")
        fault = {
            "message": self.message,
            "detail": self.detail,
            "code": self.code,
            "element": None,
        }
        body: dict[str, Any] = {
            "warnings": None,
            "intuitObject": None,
            "fault": {"error": [fault], "type": self.kind},
            "report": None,
            "queryResponse": None,
            "batchItemResponse": [],
            "attachableResponse": [],
            "syncErrorResponse": None,
            "requestId": None,
            "time": millis,
            "status": None,
            "cdcresponse": [],
        }
        response = JSONResponse(body, self.status)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Intuit", error="invalid_token"'
        return response

    def xml(self, time: str) -> Response:
        """The same in XML, which also comes to clients that asked for JSON."""
        detail = f"<Detail>{escape(self.detail)}</Detail>" if self.detail else ""
        text = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f'<IntuitResponse time="{time}" xmlns="http://schema.intuit.com/finance/v3">'
            f'<Fault type="{self.kind}"><Error code="{self.code}">'
            f"<Message>{escape(self.message)}</Message>{detail}</Error></Fault></IntuitResponse>"
        )
        return Response(text, self.status, media_type="application/xml")


def token_bad(value: str, *, expired: bool) -> GatewayFaultError:
    """401/3200; as at Intuit the detail echoes the token, which clients must not log."""
    detail = f"Token {'expired' if expired else 'revoked'}: {value}" if value else "Token missing"
    return GatewayFaultError(401, "AuthenticationFailed", "003200", "AUTHENTICATION", detail)


def not_authorised() -> GatewayFaultError:
    """403/3100: wrong company, wrong scope, or a role that no longer has the right."""
    return GatewayFaultError(403, "AuthorizationFailed", "003100", "SERVICE", None)


def access_lost() -> GatewayFaultError:
    """401/120: the person is no longer in the company."""
    detail = "The user does not have access to this company (-11014)"
    return GatewayFaultError(401, "AuthorizationFailed", "000120", "AUTHENTICATION", detail)


def throttled() -> GatewayFaultError:
    """429/3001."""
    detail = "The request limit was reached.  Try again later"
    return GatewayFaultError(429, "ThrottleExceeded", "003001", "SERVICE", detail)


def error_shape(status: int, fault: Fault) -> Response:
    """Intuit's answer for any status, for faults on demand."""
    time = "2026-01-01T00:00:00.000-08:00"
    known = {401: token_bad("", expired=True), 403: not_authorised(), 429: throttled()}
    gateway = known.get(status)
    if gateway is None:
        gateway = GatewayFaultError(status, "ServiceUnavailable", "010000", "SERVICE", None)
    if fault.kind is FaultKind.XML:
        return gateway.xml(time)
    if status in known:
        return gateway.response(0)
    if status >= 500:
        detail = "An error occurred while processing the request"
        return ApiFaultError("10000", detail, status=status, kind="SystemFault").response(time)
    return ApiFaultError("4001", "QueryValidationError", status=status).response(time)
