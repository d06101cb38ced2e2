"""plan.yml and drift.yml on accounts that are neither empty nor whole: half built, with a middle missing, drifted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.cloud import Cloud
from tests.integration.drift.snapshot import deep
from tests.integration.system.account import differences
from tests.integration.system.company import DRIFT, Company
from tests.integration.system.playbooks import Run

FUNCTION, ROLE, TABLE = "ChatbotBackendFunctionProd", "lambda-rag-processor-role-prod", "ChatHistory"
CLUSTER, SERVICE = "ChatbotFrontendClusterProd", "ChatbotFrontendServiceProd"
SECRET = "only-somebody-who-sees-the-plan-knows"


def one_api(cloud: Cloud) -> dict[str, str]:
    """The API and its root."""
    gateway = cloud.client("apigateway")
    api = next(each["id"] for each in gateway.get_rest_apis()["items"] if each["name"] == "ChatbotApiProd")
    root = next(each["id"] for each in gateway.get_resources(restApiId=api)["items"] if each["path"] == "/")
    return {"restApiId": api, "resourceId": root}


def cut_off(cloud: Cloud) -> None:
    """As after a run that ended before the frontend: nothing of the service, and no image's repository."""
    scaling, ecs = cloud.client("application-autoscaling"), cloud.client("ecs")
    scaling.deregister_scalable_target(
        ServiceNamespace="ecs", ResourceId=f"service/{CLUSTER}/{SERVICE}", ScalableDimension="ecs:service:DesiredCount"
    )
    ecs.delete_service(cluster=CLUSTER, service=SERVICE, force=True)
    ecs.delete_cluster(cluster=CLUSTER)
    for arn in ecs.list_task_definitions(familyPrefix="chatbot-frontend-task-prod")["taskDefinitionArns"]:
        ecs.deregister_task_definition(taskDefinition=arn)
    cloud.client("logs").delete_log_group(logGroupName="/ecs/chatbot-frontend-task-prod")


def middles_gone(cloud: Cloud) -> None:
    """Something in the middle of each role is missing, what was made before and after it is there."""
    cloud.client("apigateway").delete_method(**one_api(cloud), httpMethod="POST")
    cloud.client("lambda").remove_permission(FunctionName=FUNCTION, StatementId="ChatbotApiProd-post")
    cloud.client("iam").delete_role_policy(RoleName=ROLE, PolicyName="chatbot-function")
    cloud.client("application-autoscaling").delete_scaling_policy(
        PolicyName="CpuUtilizationScaling",
        ServiceNamespace="ecs",
        ResourceId=f"service/{CLUSTER}/{SERVICE}",
        ScalableDimension="ecs:service:DesiredCount",
    )
    elb = cloud.client("elbv2")
    balancer = elb.describe_load_balancers(Names=["chatbot-alb-prod"])["LoadBalancers"][0]["LoadBalancerArn"]
    for listener in elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]:
        elb.delete_listener(ListenerArn=listener["ListenerArn"])


def drifted(cloud: Cloud) -> None:
    """Fields of several services changed by hand, one of them a secret that somebody put into a variable."""
    function = cloud.client("lambda")
    variables = function.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    by_hand = {**variables, "LOG_LEVEL": "DEBUG", "DB_PASSWORD": SECRET}
    function.update_function_configuration(FunctionName=FUNCTION, Timeout=5, Environment={"Variables": by_hand})
    cloud.client("ecs").update_service(cluster=CLUSTER, service=SERVICE, healthCheckGracePeriodSeconds=7)
    cloud.client("logs").put_retention_policy(logGroupName=f"/aws/lambda/{FUNCTION}", retentionInDays=1)
    cloud.client("apigateway").put_method(**one_api(cloud), httpMethod="GET", authorizationType="NONE")
    anyone = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    cloud.client("iam").put_role_policy(RoleName=ROLE, PolicyName="by-hand", PolicyDocument=json.dumps(anyone))


@pytest.mark.parametrize("spoil", [cut_off, middles_gone, drifted])
def test_what_is_planned_is_what_is_done(company: Company, deployed: Run, spoil: Callable[[Cloud], None]) -> None:
    """Field by field; the plan writes nothing, and afterwards the account is as it was."""
    before = deep(company.cloud.client)
    spoil(company.cloud)
    assert differences(before, deep(company.cloud.client)) != []
    plan = company.plan(DRIFT)
    assert plan.mutations == []
    assert plan.files_written == set()
    assert plan.run.status == 2
    assert plan.document["differences"] > 0
    (message,) = plan.run.messages()
    assert "differ from what site.yml wants" in message
    done = company.site().succeeded()
    assert plan.done_by(done) == []
    assert differences(before, deep(company.cloud.client)) == []
    if spoil is drifted:
        assert f"function {FUNCTION}" in message
        assert "timeout: 5 -> 120" in message
        assert SECRET not in json.dumps([plan.document, message])


def test_a_system_as_it_should_be_has_no_drift(company: Company, deployed: Run) -> None:
    plan: Any = company.plan(DRIFT)
    plan.run.succeeded()
    assert plan.document["differences"] == 0
    assert plan.document["unchanged"] > 25
    assert plan.mutations == []


def test_a_plan_cannot_be_talked_into_deploying(company: Company) -> None:
    plan = company.plan(chatbot_check_only=False)
    assert plan.run.status != 0
    assert plan.mutations == []
