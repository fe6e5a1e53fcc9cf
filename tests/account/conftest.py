"""The cast of the portal's tests: the same moment, the same people."""

from tests.portal.conftest import cast as cast
