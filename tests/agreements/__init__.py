"""Tests of agreement files and of choosing the promise that holds."""
