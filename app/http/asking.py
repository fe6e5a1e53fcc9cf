"""A request as our pages get it."""

from babel.support import NullTranslations
from flask import Request as FlaskRequest

from app import languages


class Request(FlaskRequest):
    """A request that knows what WTForms says in its reader's language.

    Flask-WTF would read that catalogue from its file with every form of every request.
    """

    @property
    def wtforms_translations(self) -> NullTranslations:
        """The sentences of WTForms itself."""
        return languages.of_forms()
