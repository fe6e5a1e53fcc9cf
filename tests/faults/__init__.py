"""Fault tests: workers die, databases fall over, mail servers lie; nothing is lost or told twice.

`driver` works on tickets and writes down what it did; `oracle` reckons from that alone which
rungs must have fired; `checker` compares it with the tables and with what the mail server took.
Source: escalation.md, "Faults it must survive".
"""
