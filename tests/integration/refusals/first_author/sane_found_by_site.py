"""Calls that AWS takes and that a rule refused once, found elsewhere than in the sets: each was a fault of the rule."""

from __future__ import annotations

from tests.integration.refusals.cases import Case, case

SANE: tuple[Case, ...] = (
    # amazon.aws.ec2_vpc_net, in site.yml's prerequisites.
    case(
        "ec2",
        "DescribeVpcs",
        "by an undocumented older name",
        lambda w: {
            "Filters": [{"Name": "cidr-block", "Values": ["10.20.0.0/16"]}, {"Name": "tag:Name", "Values": ["x"]}]
        },
    ),
)
