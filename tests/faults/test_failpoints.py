"""A worker dies at every named point of firing and sending, one after the other."""

from app import failpoints


def test_a_worker_that_dies_at_any_named_point_loses_nothing_and_tells_nothing_twice(world):
    for _ in failpoints.NAMES:
        world.driver.open(ago_s=3)

    for name in failpoints.NAMES:
        assert world.fell(world.start_worker(failpoint=f"{name}:1")) == failpoints.EXIT_CODE, name
    world.start_worker()
    verdict = world.settled().verdict()

    assert verdict.findings() == []
    assert verdict.expected == verdict.fired == len(failpoints.NAMES) * 5
    assert verdict.copies <= 4, "for deaths between reply and mark; firing may die just then, too"
