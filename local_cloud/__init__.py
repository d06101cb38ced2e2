"""An AWS on one machine: a tool of the checkout, for the demo, molecule and the tests."""
