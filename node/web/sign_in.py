"""Signing in, signing out, unlocking.

Templates (in `ui`): `auth/sign_in.html` is given `page: ui.pages.SignInPage` and posts `login`,
`password`, `next`; `auth/unlock.html` is given `page: ui.pages.UnlockPage` and posts `passphrase`.
A new session token is made at every sign-in and the one the browser had is ended, so that a token
put there by somebody else is worth nothing.
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from node import sessions
from node.errors import NodeError, SignInRefused, TooManyTries, WrongKey
from node.problems import problem_of
from node.sessions import SignedIn
from node.web import context
from node.web.forms import SignInForm, UnlockForm
from node.web.guard import public, while_locked
from ui.i18n import gettext as _
from ui.pages import FieldError, SignInPage, UnlockPage
from ui.preferences import here

blueprint = Blueprint("auth", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.get("/sign-in")
@public
def ask() -> Answer:
    """Ask who is there."""
    if context.visitor() is not None:
        return redirect(here(request.args.get("next", "/")), 303)
    return _sign_in_page(ended=bool(context.token()), next_url=request.args.get("next", ""))


@blueprint.post("/sign-in")
@public
def sign_in() -> Answer:
    """Let a person in, or say why not."""
    form = SignInForm()
    try:
        opened = sessions.sign_in(
            context.database(),
            login=form.login.data or "",
            password=form.password.data or "",
            now=context.now(),
        )
    except (SignInRefused, TooManyTries) as error:
        return _refuse(form, error)
    return _enter(opened, form.next.data or "/")


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session at once."""
    sessions.sign_out(context.database(), context.token())
    session.clear()
    response = redirect(url_for("auth.ask"), 303)
    response.delete_cookie(context.site().cookie)
    return response


@blueprint.get("/unlock")
@while_locked
def ask_passphrase() -> Answer:
    """Ask for the station's passphrase."""
    if context.site().door.is_open:
        return redirect(url_for(context.site().home), 303)
    return _unlock_page(())


@blueprint.post("/unlock")
@while_locked
def unlock() -> Answer:
    """Open the node, or say why not."""
    try:
        context.site().door.unlock(UnlockForm().passphrase.data or "")
    except (WrongKey, TooManyTries) as error:
        problem = problem_of(error, context.language())
        errors = (FieldError("/passphrase", _("本站口令"), f"{problem.title}{problem.detail}"),)
        return _unlock_page(errors), problem.type.http_status
    session.clear()
    return redirect(url_for(context.site().home), 303)


def _enter(opened: SignedIn, wanted: str) -> Response:
    sessions.sign_out(context.database(), context.token())
    session.clear()
    response = redirect(here(wanted), 303)
    response.set_cookie(
        context.site().cookie,
        opened.token,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def _refuse(form: SignInForm, error: NodeError) -> tuple[str, int]:
    problem = problem_of(error, context.language())
    page = _sign_in_page(
        login=form.login.data or "",
        next_url=form.next.data or "",
        errors=(FieldError("/password", _("密码"), f"{problem.title}{problem.detail}"),),
        wait_seconds=problem.retry_after,
    )
    return page, problem.type.http_status


def _sign_in_page(
    *,
    login: str = "",
    next_url: str = "",
    errors: tuple[FieldError, ...] = (),
    wait_seconds: int = 0,
    ended: bool = False,
) -> str:
    page = SignInPage(
        action=url_for("auth.sign_in"),
        login=login,
        next_url=next_url,
        accounts=context.choices(),
        errors=errors,
        wait_seconds=wait_seconds,
        ended=ended,
    )
    return render_template("auth/sign_in.html", page=page)


def _unlock_page(errors: tuple[FieldError, ...]) -> str:
    spooled = context.site().spooled()
    page = UnlockPage(action=url_for("auth.unlock"), errors=errors, spooled=spooled)
    return render_template("auth/unlock.html", page=page)
