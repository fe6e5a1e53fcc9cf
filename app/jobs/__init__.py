"""Every job of the worker and how often it runs, on one page."""

from app import waking
from app.jobs import agreements, firing, tickets
from app.jobs.job import Done, Job

__all__ = ["LONGEST_SLEEP_S", "SCHEDULE", "Done", "Job", "agreements", "firing", "tickets"]

LONGEST_SLEEP_S = 15

SCHEDULE = (
    Job("fire", waking.FIRING, LONGEST_SLEEP_S, firing.fire, ahead=firing.next_to_fire),
    Job("send", waking.SENDING, LONGEST_SLEEP_S, firing.send, ahead=firing.next_to_send),
    Job("end-holds", "keeping", 60, tickets.end_holds),
    Job("lead-on-waiting", "keeping", 60, tickets.lead_on_waiting),
    Job("judge-bounces", "keeping", 10, tickets.judge_bounces),
    Job("pass-on-refused", "keeping", 10, tickets.pass_on_refused),
    Job("follow-hours", "keeping", 5, tickets.follow_hours),
    Job("give-out", "keeping", 60, tickets.give_out),
    Job("remind-agreed", "keeping", 30, tickets.remind_agreed),
    Job("add-holidays", "keeping", 86400, tickets.add_holidays),
    Job("follow-zones", "keeping", 86400, tickets.follow_zones),
    Job("announce-agreements", "keeping", 60, agreements.announce_agreements),
    Job("announce-qualifications", "keeping", 3600, agreements.announce_qualifications),
    Job("renew-agreements", "keeping", 300, agreements.renew_agreements),
    Job("prepare-reviews", "keeping", 900, agreements.prepare_reviews),
    Job("remind-parties", "keeping", 300, agreements.remind_parties),
    Job("remind-owners", "keeping", 300, agreements.remind_owners),
    Job("pass-on-silent", "keeping", 30, agreements.pass_on_silent),
    Job("pass-on-unreached", "keeping", 10, agreements.pass_on_unreached),
    Job("close-resolved", "keeping", 300, tickets.close_resolved),
    Job("check-clocks", "checking", tickets.CHECK_EVERY_S, tickets.check_clocks),
    Job("forget-presence", "keeping", 600, tickets.forget_presence),
    Job("forget-troubles", "keeping", 600, tickets.forget_troubles),
    Job("clean-files", "checking", 6 * 3600, tickets.clean_files),
    Job("forget-sessions", "keeping", 3600, tickets.forget_sessions),
    Job("forget-unproven", "keeping", 3600, tickets.forget_unproven),
)
