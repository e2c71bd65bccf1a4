"""The forms of the shared pages; their form token is checked before any view runs."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignInForm(FlaskForm):
    """What `auth/sign_in.html` posts."""

    login = StringField()
    password = PasswordField()
    next = StringField()


class UnlockForm(FlaskForm):
    """What `auth/unlock.html` posts."""

    passphrase = PasswordField()
