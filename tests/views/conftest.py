"""No Redis behind these screens: its window is always full, so that dispatching leaves every page where it is."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_dispatching(full_window):
    """Every test of a screen has the full window."""


@pytest.fixture
def as_alice(client, alice):
    """A browser in which alice is signed in."""
    client.force_login(alice)
    return client


@pytest.fixture
def as_bob(client, bob):
    """A browser in which bob is signed in."""
    client.force_login(bob)
    return client
