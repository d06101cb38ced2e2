"""A hundred ways to get an inventory wrong: what an operator typed over a sound one, and what he is told.

Each row: the variables, the variable that is named in the message, and words of the message.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Broken(NamedTuple):
    """One broken inventory."""

    typed: dict[str, Any]
    variable: str
    words: str


def _one(variable: str, value: Any, words: str) -> Broken:
    return Broken({variable: value}, variable, words)


CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
MISSING = [
    _one("chatbot_environment", "", "has no value"),
    _one("chatbot_region", "", "has no value"),
    _one("chatbot_corporate_cidrs", [], "has no value"),
    _one("chatbot_elasticsearch_cidrs", [], "has no value"),
    _one("chatbot_elasticsearch_url", "", "has no value"),
    _one("chatbot_elasticsearch_index", None, "has no value"),
    _one("chatbot_bedrock_model_id", "", "has no value"),
    _one("chatbot_base_image", "", "has no value"),
    Broken({"chatbot_vpc_name": ""}, "chatbot_vpc_id", "one of them is needed"),
    Broken({"chatbot_private_subnet_names": []}, "chatbot_private_subnet_ids", "one of them is needed"),
    Broken({"chatbot_public_subnet_names": []}, "chatbot_public_subnet_ids", "one of them is needed"),
    Broken({"chatbot_image_build": False}, "chatbot_image_tag", "nothing to deploy"),
    _one("chatbot_elasticsearch_url", "REPLACE_WITH_ELASTICSEARCH_URL", "still holds REPLACE_WITH_ELASTICSEARCH_URL"),
    _one("chatbot_elasticsearch_cidrs", ["REPLACE_WITH_CIDR"], "still holds REPLACE_WITH_CIDR"),
    _one("chatbot_region", "{{ chatbot_regoin }}", "'chatbot_regoin' is undefined"),
    _one("chatbot_elasticsearch_index", "{{ index", "cannot be worked out"),
]
MISTYPED = [
    _one("chatbot_corporate_cidrs", "10.0.0.0/8", "is not a list"),
    _one("chatbot_private_subnet_names", "corp-private-a", "is not a list"),
    _one("chatbot_create_endpoints", {"execute-api": True}, "is not a list"),
    _one("chatbot_corporate_cidrs", [["10.0.0.0/8"]], "is not a word"),
    _one("chatbot_tags", ["team"], "is not a mapping"),
    _one("chatbot_name_overrides", "chatbot", "is not a mapping"),
    _one("chatbot_aws_environment", "testing", "is not a mapping"),
    _one("chatbot_scaling_max", "five", "is not a whole number"),
    _one("chatbot_scaling_min", 1.5, "is not a whole number"),
    _one("chatbot_history_ttl_days", "90 days", "is not a whole number"),
    _one("chatbot_log_retention_days", True, "is not a whole number"),
    _one("chatbot_elasticsearch_port", "https", "is not a whole number"),
    _one("chatbot_image_build", "perhaps", "is not true or false"),
    _one("chatbot_adopt", "ja", "is not true or false"),
    _one("chatbot_deletion_protection", "enabled", "is not true or false"),
    _one("chatbot_environment", ["prod"], "is not a word"),
    _one("chatbot_region", True, "is not a word"),
    _one("ecs_service_cpu", "a lot", "is not a whole number"),
    _one("rag_lambda_memory", "512MB", "is not a whole number"),
    _one("alb_subnets", "isolated", "is none of public or private"),
]
MALFORMED = [
    _one("chatbot_environment", "Prod", "lower case"),
    _one("chatbot_environment", "prod_2", "lower case"),
    _one("chatbot_environment", "a-very-long-environment", "at most 20"),
    _one("chatbot_region", "ap-northeast-1a", "a region such as"),
    _one("chatbot_region", "ap-northest-1", "a region such as"),
    _one("chatbot_region", "Tokyo", "a region such as"),
    _one("chatbot_account_id", "12345", "12 digits"),
    _one("chatbot_account_id", 123456789012, "in quotes"),
    _one("chatbot_corporate_cidrs", ["10.0.0.0/33"], "no IPv4 block"),
    _one("chatbot_corporate_cidrs", ["10.0.0.1/8"], "10.0.0.0/8 is the block"),
    _one("chatbot_corporate_cidrs", ["fd00::/8"], "IPv4 only"),
    _one("chatbot_corporate_cidrs", ["10.0.0.0/8", "10.0.0.0/8"], "twice"),
    _one("chatbot_corporate_cidrs", ["0.0.0.0/0"], "nearly everyone"),
    _one("chatbot_corporate_cidrs", ["8.8.8.0/24"], "public addresses"),
    _one("chatbot_elasticsearch_cidrs", ["search.corp.example"], "no IPv4 block"),
    _one("chatbot_elasticsearch_cidrs", ["0.0.0.0/0"], "nearly anyone"),
    _one("chatbot_elasticsearch_url", "ftp://search.corp.example", "http:// and https://"),
    _one("chatbot_elasticsearch_url", "https://", "names no server"),
    _one("chatbot_elasticsearch_url", "https://search.corp.example:920000", "port"),
    _one("chatbot_elasticsearch_url", "https://elastic:changeme@search.corp.example:9200", "Secrets Manager"),
    _one("chatbot_elasticsearch_url", "https://search.corp.example:9200/company-documents", "goes on behind"),
    _one("chatbot_elasticsearch_index", "Company Documents", "no name of an index"),
    _one("chatbot_elasticsearch_port", 0, "out of range"),
    _one("chatbot_elasticsearch_ca_file", "/nowhere/ca.pem", "no file"),
    _one("chatbot_elasticsearch_ca_file", "{{ inventory_dir }}/hosts.yml", "no certificate"),
    _one("chatbot_bedrock_model_id", "Claude Opus", "a model id"),
    _one("chatbot_bedrock_profile_regions", ["Osaka"], "a region such as"),
    _one("chatbot_log_retention_days", 100, "90 or 120"),
    _one("chatbot_history_ttl_days", 0, "out of range"),
    _one("chatbot_cors_allow_origin", "https://*.example.co.jp", "one origin"),
    _one("chatbot_base_image", "https://registry.example/python", "no image"),
    _one("chatbot_timezone", "JST+9", "no time zone"),
    _one("chatbot_tags", {"aws:team": "x"}, "AWS's own"),
    _one("chatbot_tags", {"team": "x" * 257}, "at most 256"),
    _one("chatbot_permissions_boundary", "CompanyBoundary", "an ARN such as"),
    _one("chatbot_certificate_arn", "chat.example.co.jp", "an ARN such as"),
    _one("chatbot_api_authorization", "IAM", "Did you mean AWS_IAM"),
    _one("chatbot_alb_subnets", "internal", "public or private"),
    _one("chatbot_image_builder", "Docker", "Did you mean docker"),
    _one("chatbot_create_endpoints", ["execute-api", "bedrock"], "bedrock is unknown"),
    _one("chatbot_scaling_max", 0, "out of range"),
    Broken({"chatbot_vpc_name": "", "chatbot_vpc_id": "corp-vpc"}, "chatbot_vpc_id", "the id of a VPC"),
    _one("chatbot_name_overrides", {"load_balancer": "internal-chat"}, "does not take internal-chat"),
    _one("chatbot_name_overrides", {"alb_group": "sg-chat"}, "does not take sg-chat"),
]
UNKNOWN = [
    _one("chatbot_scalin_max", 3, "did you mean chatbot_scaling_max"),
    _one("chatbot_elastic_search_index", "docs", "did you mean chatbot_elasticsearch_index"),
    _one("chatbot_corporate_cidr", ["10.0.0.0/8"], "did you mean chatbot_corporate_cidrs"),
    _one("ecs_service_memroy", 1024, "did you mean ecs_service_memory"),
    _one("rag_lamda_timeout", 20, "did you mean rag_lambda_timeout"),
    _one("chatbot_elasticsearch_password", "changeme", "do not belong in an inventory"),
    _one("chatbot_name_overrides", {"loadbalancer": "chat"}, "Did you mean load_balancer"),
]
CONTRADICTORY = [
    Broken({"chatbot_vpc_id": "vpc-0123456789abcdef0"}, "chatbot_vpc_name", "both are given"),
    _one("chatbot_private_subnet_names", ["corp-private-a"], "two are needed"),
    Broken({"chatbot_scaling_min": 6, "chatbot_scaling_max": 5}, "chatbot_scaling_min", "contradict"),
    _one("chatbot_scaling_max", 1, "office hours"),
    Broken({"chatbot_elasticsearch_port": 9300}, "chatbot_elasticsearch_port", "port 9200"),
    Broken(
        {"chatbot_elasticsearch_url": "http://search.corp.example:9200"}, "chatbot_elasticsearch_ca_file", "https://"
    ),
    Broken({"chatbot_elasticsearch_url": "https://10.99.0.5:9200"}, "chatbot_elasticsearch_cidrs", "lies in none"),
    _one("chatbot_domain_name", "chat.example.co.jp", "without a certificate"),
    Broken({"chatbot_certificate_arn": CERTIFICATE}, "chatbot_domain_name", "has no value"),
    Broken(
        {
            "chatbot_certificate_arn": CERTIFICATE.replace("ap-northeast-1", "us-east-1"),
            "chatbot_domain_name": "a.example",
        },
        "chatbot_certificate_arn",
        "it lies in us-east-1",
    ),
    _one("chatbot_permissions_boundary", "arn:aws:iam::999999999999:policy/boundary", "the account 999999999999"),
    _one("chatbot_bedrock_profile_regions", ["ap-northeast-1", "us-east-1"], "does not route to us-east-1"),
    Broken(
        {"chatbot_embedding_model_id": "amazon.titan-embed-text-v2:0", "chatbot_embedding_dimensions": 300},
        "chatbot_embedding_dimensions",
        "gives 1024, 512, 256 dimensions",
    ),
    _one("chatbot_embedding_dimensions", 512, "no vectors are made"),
    Broken(
        {"chatbot_embedding_model_id": "amazon.titan-embed-text-v2:0", "chatbot_knowledge_base_id": "LOCALKB001"},
        "chatbot_embedding_model_id",
        "empty one of them",
    ),
    _one("chatbot_knowledge_base_id", "my knowledge base", "10 letters and digits"),
    _one("chatbot_rerank_model_id", "Cohere Rerank", "a model id"),
    _one("chatbot_aws_environment", {"AWS_SECRET_ACCESS_KEY": "changeme"}, "must not stand in an inventory"),
    _one("chatbot_name_overrides", {"task_role": "chat", "lambda_role": "chat"}, "stands for several"),
]
# What only AWS knows. `{...}` is filled in by the test.
AT_AWS = [
    _one("chatbot_vpc_name", "corp-vpc-2", "There is no VPC corp-vpc-2"),
    _one("chatbot_private_subnet_names", ["corp-private-a", "corp-private-b"], "no subnet corp-private-b"),
    _one("chatbot_private_subnet_names", ["corp-private-a", "corp-public-a"], "lie in ap-northeast-1a"),
    Broken(
        {"chatbot_private_subnet_names": [], "chatbot_private_subnet_ids": ["{private}", "{foreign}"]},
        "chatbot_private_subnet_ids",
        "is in VPC",
    ),
    _one("chatbot_elasticsearch_cidrs", ["192.0.2.0/24"], "no route to Elasticsearch"),
    _one("chatbot_bedrock_model_id", "jp.anthropic.claude-opus-5-6", "Did you mean jp.anthropic.claude-opus-5-5"),
    _one("chatbot_bedrock_model_id", "anthropic.claude-opus-5-5", "through an inference profile only"),
    _one("chatbot_bedrock_profile_regions", ["ap-northeast-1"], "routes to ap-northeast-3 too"),
    _one("chatbot_embedding_model_id", "amazon.titan-embed-text-v1:0", "Did you mean amazon.titan-embed-text-v2:0"),
    _one("chatbot_embedding_model_id", "amazon.rerank-v1:0", "gives TEXT, where EMBEDDING is needed"),
    _one("chatbot_embedding_model_id", "cohere.embed-english-v3", "no access to the model"),
    _one("chatbot_rerank_model_id", "amazon.rerank-v2:0", "Did you mean amazon.rerank-v1:0"),
    _one("chatbot_rewrite_model_id", "jp.anthropic.claude-haiku-9", "no inference profile"),
    _one("chatbot_knowledge_base_id", "NOSUCHKB01", "There is no knowledge base NOSUCHKB01"),
    _one("chatbot_elasticsearch_secret_id", "chatbot/serch", "There is no secret chatbot/serch"),
    _one("chatbot_permissions_boundary", "arn:aws:iam::123456789012:policy/nowhere", "There is no policy"),
    Broken(
        {"chatbot_certificate_arn": "{certificate}", "chatbot_domain_name": "chat.example.co.jp"},
        "chatbot_certificate_arn",
        "not for chat.example.co.jp",
    ),
    Broken({"chatbot_image_build": False, "chatbot_image_tag": "v1"}, "chatbot_image_tag", "There is no image"),
    _one("chatbot_create_endpoints", [], "no endpoint for execute-api"),
    _one("chatbot_manage_endpoint_rules", False, "does not admit tcp/443"),
    _one("chatbot_account_id", "999999999999", "belong to the account 123456789012"),
]
OFFLINE = [*MISSING, *MISTYPED, *MALFORMED, *UNKNOWN, *CONTRADICTORY]
ALL = [*OFFLINE, *AT_AWS]
