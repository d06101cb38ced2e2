#!/usr/bin/python
# Copyright: Contributors to the private_rag.aws collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
---
module: streamlit_question
version_added: 1.0.0
short_description: Ask the chat page one question, the way a browser does
description:
  - Loads the page, keeps the load balancer's cookie, opens the page's WebSocket (C(/_stcore/stream)), types one
    question into the chat input and reads the answer and its sources.
  - Tests every hop of a question at once, from the load balancer to the model, and changes nothing but the
    conversation's history.
  - Fails with the page's own message and request id where the page shows an error instead of an answer.
author:
  - private_rag.aws contributors (@private-rag)
options:
  url:
    description: Address of the page, as an employee would open it. C(http) or C(https).
    type: str
    required: true
  question:
    description: The question, not blank, at most 4000 characters.
    type: str
    required: true
  timeout:
    description: Seconds for the whole question, the page's loading included; 1 or more.
    type: int
    default: 60
  host_header:
    description:
      - Name that the page is known by, where O(url) holds an address or another name.
      - With C(https) it is also the name that the certificate is checked against.
    type: str
  validate_certs:
    description: Check the load balancer's certificate.
    type: bool
    default: true
  ca_path:
    description: PEM file with the CA that signed the load balancer's certificate. Left out, the system's are used.
    type: path
requirements:
  - streamlit >= 1.50 (on the host that runs the module; brings protobuf and websockets)
attributes:
  check_mode:
    description: Asks nothing and says what it would ask.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
  idempotent:
    description: Never reports a change; each run asks once more and starts a conversation of its own.
    support: full
notes:
  - Connects directly, not through the proxy of the environment, since the load balancer is internal.
"""

EXAMPLES = r"""
- name: Ask what the sample documents answer
  private_rag.aws.streamlit_question:
    url: http://internal-chatbot-alb-prod-1234567890.ap-northeast-1.elb.amazonaws.com/
    question: 国内出張の日当はいくらですか
  register: reply

- name: The answer names its source
  ansible.builtin.assert:
    that: reply.sources | map(attribute='source') is any
"""

RETURN = r"""
answer:
  description: The answer as plain text, with markers such as C([1]); empty in check mode.
  returned: success
  type: str
  sample: 日帰り出張の日当は 1,500 円です[1]。
sources:
  description: What the answer rests on, in the page's order.
  returned: success
  type: list
  elements: dict
  contains:
    title:
      description: Title of the document.
      type: str
    source:
      description: Where the document is kept.
      type: str
    snippet:
      description: The passage.
      type: str
  sample:
    - title: 国内出張旅費規程
      source: travel-expenses.md
      snippet: 日当は、日帰り出張 1,500 円とする。
"""

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.private_rag.aws.plugins.module_utils._streamlit import (
    STREAMLIT_IMPORT_ERROR,
    PageError,
    ask,
)
from ansible_collections.private_rag.aws.plugins.module_utils._streamlit_connection import (
    WEBSOCKETS_IMPORT_ERROR,
    Target,
    open_page,
)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "question": {"type": "str", "required": True},
            "timeout": {"type": "int", "default": 60},
            "host_header": {"type": "str"},
            "validate_certs": {"type": "bool", "default": True},
            "ca_path": {"type": "path"},
        },
        supports_check_mode=True,
    )
    options = module.params
    if options["timeout"] < 1 or not 0 < len(options["question"].strip()) <= 4000:
        module.fail_json(msg="timeout must be 1 or more, question 1 to 4000 characters")
    if module.check_mode:
        module.exit_json(changed=False, msg=f"would ask {options['url']}: {options['question']}", answer="", sources=[])
    for error, library in ((STREAMLIT_IMPORT_ERROR, "streamlit"), (WEBSOCKETS_IMPORT_ERROR, "websockets")):
        if error:
            module.fail_json(msg=missing_required_lib(library), exception=error)
    target = Target(options["url"], options["host_header"], options["validate_certs"], options["ca_path"])
    try:
        with open_page(target, options["timeout"]) as connection:
            reply = ask(connection, options["question"], options["timeout"])
    except PageError as error:
        module.fail_json(msg=f"{options['url']}: {error}")
    module.exit_json(changed=False, answer=reply.answer, sources=reply.sources)


if __name__ == "__main__":
    main()
