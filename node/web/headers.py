"""What every answer says to the browser: nothing from elsewhere, nothing kept, nothing framed."""

from flask import Response, request

from node.web import guard

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; "  # the vendored style sheet's marks; a photo before it is sent
    "font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # the form check over TLS reads it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}
_FOR_EVER = "public, max-age=31536000, immutable"


def harden(response: Response) -> Response:
    """Put the headers on an answer; pages may hold personal data and are never stored."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers["Cache-Control"] = _caching(response)
    return response


def _caching(response: Response) -> str:
    is_file = guard.is_file(request.endpoint or "")
    if is_file and "v" in request.args and response.status_code == 200:  # noqa: PLR2004  # OK
        return _FOR_EVER
    return "no-cache" if is_file else "no-store"
