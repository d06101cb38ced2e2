"""The controller's least policy for each playbook, made from the permissions that its runs needed.

``generalise``  a recorded permission -> one of the policy: ids become ``*``, names and accounts become variables
``statements``  permissions -> policy documents below IAM's size limit
``granted``     what a role may, against what it used
``__main__``    writes docs/iam/ anew, or says what is not current
"""
