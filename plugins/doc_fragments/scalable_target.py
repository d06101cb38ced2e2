# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    # How the Application Auto Scaling modules name what is scaled.
    DOCUMENTATION = r"""
options:
  service_namespace:
    description: The AWS service that is scaled.
    type: str
    default: ecs
  resource_id:
    description: What is scaled, for an ECS service C(service/CLUSTER/SERVICE).
    type: str
    required: true
  scalable_dimension:
    description: What of it is scaled.
    type: str
    default: ecs:service:DesiredCount
"""
