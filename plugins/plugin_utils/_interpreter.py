# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a long-lived interpreter loads once for all modules that run in it. Runs in that interpreter, not in Ansible."""

from __future__ import annotations

import functools


def prepare():
    """Import boto3, and let all sessions share what botocore parsed of the AWS services' models.

    Every session makes a loader of its own (botocore.session, component C(data_loader)), which parses the models again:
    0.1 to 0.4 s of each AWS task. A loader holds nothing but the parsed files of its search path, which is its only
    argument. Credentials, configuration, endpoints and clients stay with each module's own session.
    """
    try:
        import boto3.session
        import botocore.loaders
        import botocore.session
    except ImportError:
        return  # The modules say plainly that boto3 is missing.
    shared = functools.cache(botocore.loaders.create_loader)
    botocore.loaders.create_loader = shared
    botocore.session.create_loader = shared
