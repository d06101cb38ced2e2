"""Where botocore's model is stricter than AWS, or says less exactly than another rule what AWS answers.

Each entry is a member that the walk leaves alone, with the reason.
"""

from __future__ import annotations

# (service, operation or *, last part of the member's path): why.
LEFT_ALONE: dict[tuple[str, str, str], str] = {
    ("lambda", "*", "Runtime"): "InvalidParameterValueException with the list of runtimes: rule lambda-runtime",
    ("lambda", "*", "Principal"): "the model's pattern lacks no form, but AWS tells a wrong one by its own code",
}
