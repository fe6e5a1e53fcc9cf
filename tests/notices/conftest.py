"""The cast of `tests.people` and the letters of `tests.mail`."""

from tests.people.conftest import brenner as brenner
from tests.people.conftest import elke as elke
from tests.people.conftest import halden as halden
from tests.people.conftest import mara as mara
from tests.people.conftest import petra as petra
