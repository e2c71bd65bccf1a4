"""How errors are told over HTTP: problem+json to programs, a page in plain words to people.

Templates: `problem.html` (in `ui`) is given `page: ui.pages.ProblemPage`; `expired.html` (here) is
given that and `typed`, the posted fields as (name, value) pairs, and `resend_url`, so that what a
person typed into a page that was open too long is seen, kept, and sent once more by one button.
"""

import html
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from node.errors import Locked, NotSignedIn
from node.problems import Problem, problem_json, problem_of, record
from node.web import context
from ui.i18n import gettext as _
from ui.pages import FieldError, Link, ProblemPage

_REDIRECTS = 400
_NEVER_SHOWN = frozenset({"csrf_token", "password", "passphrase"})
_GET_AGAIN = frozenset({"GET", "HEAD"})


def tell(error: Exception) -> BaseResponse:
    """Answer an error that no view handled."""
    if isinstance(error, HTTPException) and (error.code or 500) < _REDIRECTS:
        return BaseResponse.force_type(error.get_response(), request.environ)
    problem = problem_of(error, context.language(), number=record(error))
    if context.for_machines():
        response: BaseResponse = machine_answer(problem)
    else:
        response = _lead_on(error) or _page(problem)
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def machine_answer(problem: Problem) -> Response:
    """The problem as `application/problem+json` (RFC 9457)."""
    body = problem_json(problem, trace=context.trace())
    return Response(
        json.dumps(body, ensure_ascii=False),  # noqa: TID251  # flask.jsonify sets another type
        problem.type.http_status,
        content_type="application/problem+json",
    )


def _lead_on(error: Exception) -> BaseResponse | None:
    """Where the next step is another page, go there; a posted form is shown instead."""
    if isinstance(error, Locked):
        return redirect(url_for("auth.ask_passphrase"), 303)
    if isinstance(error, NotSignedIn) and request.method in _GET_AGAIN:
        return redirect(url_for("auth.ask", next=request.full_path.rstrip("?")), 303)
    return None


def _page(problem: Problem) -> BaseResponse:
    try:
        text = _rendered(problem)
    except Exception as error:  # noqa: BLE001  # the page that tells errors must not fail
        record(error)
        text = _bare(problem)
    return Response(text, problem.type.http_status, content_type="text/html; charset=utf-8")


def _rendered(problem: Problem) -> str:
    page = ProblemPage(
        status=problem.type.http_status,
        title=problem.title,
        detail=problem.detail,
        who_can_fix=problem.who_can_fix,
        next_steps=tuple(_steps(problem)),
        number=problem.number,
        errors=tuple(FieldError(e["pointer"], "", e["message"]) for e in problem.errors),
    )
    typed = _typed()
    if not typed:
        return render_template("problem.html", page=page)
    resend = request.full_path.rstrip("?") if _came_from_here() else ""
    return render_template("expired.html", page=page, typed=typed, resend_url=resend)


def _typed() -> list[tuple[str, str]]:
    """What was posted as a form, without secrets; files cannot be given back."""
    if request.method != "POST" or request.mimetype == "application/cbor":
        return []
    pairs = request.form.items(multi=True)
    return [(name, value) for name, value in pairs if name not in _NEVER_SHOWN and value]


def _came_from_here() -> bool:
    """Only our own pages may offer to send a form again: another site could have filled it."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.host


def _steps(problem: Problem) -> Iterator[Link]:
    if problem.type.slug == "not_signed_in":
        yield Link(_("登录"), url_for("auth.ask"))
    yield Link(_("回到首页"), url_for(context.site().home))


def _bare(problem: Problem) -> str:
    """A page without templates, for when those are what fails."""
    told = "".join(f"<p>{html.escape(line)}</p>" for line in problem.lines())
    return f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>!</title>{told}</html>'
