"""Steps of the installation's clock: named, and not believed at once where they leap."""

import pytest

from app.clocksteps import ClockSteps

NOON = 1_790_000_000.0


@pytest.fixture
def steps() -> ClockSteps:
    """A minute and a half of a clock that is right, as seen since boot."""
    steps = ClockSteps()
    for boot_s in range(1000, 1100, 15):
        steps.look(NOON + boot_s, boot_s)
    return steps


def test_a_clock_that_runs_with_the_time_since_boot_has_not_stepped(steps):
    assert steps.step is None
    assert steps.held_s(1100) == 0


@pytest.mark.parametrize("by_s", [61, -61, 1800, -7200])
def test_a_step_of_over_a_minute_is_named_and_holds_nothing(steps, by_s):
    steps.look(NOON + 1100 + by_s, 1100)

    assert steps.step is not None
    assert round(steps.step.by_s) == by_s
    assert steps.held_s(1100) == 0


def test_a_minute_is_no_step_yet(steps):
    steps.look(NOON + 1100 + 60, 1100)

    assert steps.step is None


def test_a_leap_of_over_an_hour_fires_nothing_until_it_has_lasted_a_minute(steps):
    steps.look(NOON + 1100 + 3601, 1100)
    assert steps.held_s(1100) == 60

    steps.look(NOON + 1130 + 3601, 1130)
    assert steps.held_s(1130) == 30

    steps.look(NOON + 1160 + 3601, 1160)
    assert steps.held_s(1160) == 0
    assert steps.step is not None, "it stays named"


def test_a_leap_that_is_put_right_is_forgotten(steps):
    steps.look(NOON + 1100 + 7200, 1100)
    steps.look(NOON + 1120, 1120)

    assert steps.step is None
    assert steps.held_s(1120) == 0


def test_a_second_leap_waits_a_minute_of_its_own(steps):
    steps.look(NOON + 1100 + 7200, 1100)
    steps.look(NOON + 1155 + 14400, 1155)

    assert steps.held_s(1165) == 50


def test_after_an_hour_the_new_time_is_trusted(steps):
    for boot_s in range(1100, 4701, 60):
        steps.look(NOON + boot_s + 7200, boot_s)
    assert steps.step is None

    steps.look(NOON + 4710, 4710)
    assert steps.step is not None
    assert round(steps.step.by_s) == -7200


def test_a_clock_that_is_slowly_put_right_never_steps(steps):
    """A thousandth of a tenth: 100 ppm over two weeks are two minutes."""
    for boot_s in range(1100, 14 * 86400, 900):
        steps.look(NOON + boot_s * (1 + 1e-4), boot_s)

    assert steps.step is None


def test_small_steps_that_add_up_to_over_a_minute_are_a_step(steps):
    steps.look(NOON + 1100 + 40, 1100)
    steps.look(NOON + 1115 + 80, 1115)

    assert steps.step is not None
