"""Hypothesis strategies: worlds, and moves that a ticket can make in them."""

from hypothesis import strategies as st

from tests.clocks.worlds import BEGINS, LEVELS, MEASURES, PAUSES, RULES, Variant
from tests.oracle.deal import ACTIVE

GAPS = (0, 0, 1, 5, 20, 40, 59, 60, 61, 100, 120, 121, 240, 300, 480, 720, 1440, 2880)
LATE = (0, 0, 0, 0, 30, 90, 400)


def variants(zones: tuple[str, ...] = tuple(BEGINS)) -> st.SearchStrategy[Variant]:
    """A version of an agreement in a zone."""
    return st.builds(
        Variant,
        zone=st.sampled_from(zones),
        updates=st.booleans(),
        early=st.booleans(),
        by_day=st.booleans(),
        pauses=st.sampled_from(PAUSES),
        floor_percent=st.sampled_from((25, 25, 10, 50, 5)),
        grant_percent=st.sampled_from((25, 25, 50)),
        reopen_rule=st.sampled_from(RULES),
    )


promises = st.tuples(st.sampled_from(MEASURES), st.sampled_from((1, 1, 2)))
"""One promise by measure and sequence, whether the ticket has it or not."""
levels = st.sampled_from(list(LEVELS))
starts = st.sampled_from((1440, 2040, 2460, 4 * 1440 + 900, 5 * 1440 + 700, 6 * 1440 + 1300))
openings = st.tuples(st.sampled_from((0, 0, 0, 120, 1400)), st.sampled_from((False, False, True)))
moves = st.tuples(
    st.sampled_from(GAPS),
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(LATE)),
        st.tuples(st.just("write"), st.sampled_from(LATE)),
        st.tuples(
            st.just("send"),
            st.tuples(
                st.sampled_from(("", "", "waiting_requester", "resolve", "waiting_vendor")),
                st.sampled_from(LATE),
            ),
        ),
        st.tuples(
            st.just("send"), st.tuples(st.sampled_from(("", "waiting_requester")), st.just(0))
        ),
        st.tuples(
            st.just("work_around"),
            st.tuples(st.sampled_from(("", "", "waiting_requester")), st.sampled_from(LATE)),
        ),
        st.tuples(st.just("acknowledge"), st.none()),
        st.tuples(st.just("status"), st.sampled_from(ACTIVE)),
        st.tuples(st.just("retarget"), levels),
        st.tuples(st.just("retarget"), levels),
        st.tuples(st.just("retract"), st.none()),
        st.tuples(st.just("reopen"), st.booleans()),
        st.tuples(
            st.just("simple"),
            st.sampled_from(("settled", "closed", "withdrawn", "spam", "unspam")),
        ),
        st.tuples(st.just("simple"), st.sampled_from(("settled", "unspam", "needs_no_answer"))),
        st.tuples(st.just("undo"), st.tuples(st.sampled_from((0, 0, 0, 1, 2)), st.booleans())),
        st.tuples(st.just("edit"), st.none()),
        st.tuples(st.just("exclude"), promises),
        st.tuples(st.just("silent"), st.none()),
    ),
)
