"""Procore's own ways of saying no.

Bodies as the documentation and captured answers have them; where the JSON of a status is not
documented (404, 429) one of the shapes of Procore's OpenAPI document stands in.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from integrations.sandbox.faults import Fault, FaultKind

MISSING_HEADER = (
    "Missing Procore-Company-Id header!\n\n"
    "Each call your application makes to the Procore API must contain a request header that "
    "includes the Procore-Company-Id field. \n"
    "This request header field specifies the id of the company into which you are making the call."
)
TOO_MANY = (
    "You have surpassed the max number of requests for an hour. "
    "Please wait until your limit resets."
)
NOT_CONNECTED = "App is not connected to this company."
NOT_ALLOWED = "You do not have permission to perform the requested action."


class ApiError(Exception):
    """A refusal: status and body (text, or anything that JSON can hold)."""

    def __init__(self, status: int, body: Any) -> None:  # noqa: ANN401 - JSON of any shape.
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body

    def response(self) -> Response:
        """The refusal as an HTTP answer."""
        if isinstance(self.body, str):
            return Response(self.body, self.status, media_type="text/plain")
        return JSONResponse(self.body, self.status)


def bad_request(message: str) -> ApiError:
    """400 in the shape of the newer endpoints."""
    return ApiError(400, {"error": {"code": "BAD_REQUEST", "message": message}})


def invalid_token() -> ApiError:
    """401, in the one wording that the documentation shows."""
    return ApiError(401, {"error": "Invalid Token"})


def forbidden(message: str = NOT_ALLOWED) -> ApiError:
    """403, as captured."""
    return ApiError(403, {"errors": [message]})


def not_found() -> ApiError:
    """404: missing, or invisible to the caller."""
    return ApiError(404, {"message": "Not found", "exception": ""})


def error_shape(status: int, fault: Fault) -> Response:
    """Procore's answer for any status, for faults on demand."""
    if fault.kind is FaultKind.XML:
        text = f"<?xml version='1.0'?><error><status>{status}</status></error>"
        return Response(text, status, media_type="application/xml")
    if status == 429:
        return Response(TOO_MANY, status, media_type="text/plain")
    known = {401: invalid_token(), 403: forbidden(), 404: not_found()}
    if status in known:
        return known[status].response()
    if status >= 500:
        return Response(
            "<html><body><h1>We're sorry</h1></body></html>", status, media_type="text/html"
        )
    return ApiError(status, {"errors": ["The request could not be processed."]}).response()
