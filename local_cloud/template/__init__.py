"""The account rendered as one CloudFormation template with references, and judged by AWS's own validator.

``reading`` asks the account through boto3, ``network``, ``identity``, ``storage``, ``compute`` and ``api`` render one
resource type each from what was read (pure), ``linking`` turns ids into references, ``judging`` asks the validator.
"""
