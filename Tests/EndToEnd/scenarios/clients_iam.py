"""IAM and STS through boto3 and the CLI: identities, policies, sessions, the simulator, and calls that are really denied."""

import base64
import csv
import json
import os
import subprocess

from harness import ACCOUNT, REGION, Engine, check, contains, environment, equal, refuses, run

engine = None
ALLOW_QUEUES = {"Version": "2012-10-17", "Statement": [
    {"Sid": "Queues", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"},
    {"Sid": "NotThat", "Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*"}]}
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
     "Action": ["sts:AssumeRole", "sts:TagSession"]}]}


def setup():
    global engine
    engine = Engine()


def iam():
    return engine.client("iam")


def cli(*arguments):
    result = subprocess.run(
        ["aws", "--endpoint-url", engine.endpoint, "--output", "json", *arguments], env=environment(),
        capture_output=True, text=True, timeout=120)
    check(result.returncode == 0, f"aws {' '.join(arguments)}: {result.stderr}")
    return json.loads(result.stdout) if result.stdout.strip() else None


def test_users_groups_and_keys():
    client = iam()
    client.create_user(UserName="alice", Path="/team/", Tags=[{"Key": "team", "Value": "red"}])
    client.create_group(GroupName="readers")
    client.add_user_to_group(GroupName="readers", UserName="alice")
    client.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    equal([g["GroupName"] for g in client.list_groups_for_user(UserName="alice")["Groups"]], ["readers"], "groups")
    key = client.create_access_key(UserName="alice")["AccessKey"]
    identity = engine.client(
        "sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]).get_caller_identity()
    equal(identity["Arn"], f"arn:aws:iam::{ACCOUNT}:user/team/alice", "the key's owner")
    with refuses("EntityAlreadyExists", "User with name alice already exists.", 409):
        client.create_user(UserName="alice")
    with refuses("DeleteConflict", status=409):
        client.delete_user(UserName="alice")
    with refuses("NoSuchEntity", "The user with name nobody cannot be found.", 404):
        client.get_user(UserName="nobody")


def test_policies_and_versions():
    client = iam()
    arn = client.create_policy(PolicyName="queues", PolicyDocument=json.dumps(ALLOW_QUEUES))["Policy"]["Arn"]
    for number in range(2, 6):
        made = client.create_policy_version(
            PolicyArn=arn, PolicyDocument=json.dumps(ALLOW_QUEUES), SetAsDefault=number == 3)
        equal(made["PolicyVersion"]["VersionId"], f"v{number}", "version")
    with refuses("LimitExceeded", status=409):
        client.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(ALLOW_QUEUES))
    equal(client.get_policy_version(PolicyArn=arn, VersionId="v3")["PolicyVersion"]["Document"], ALLOW_QUEUES, "document")
    with refuses("MalformedPolicyDocument", status=400):
        client.create_policy(PolicyName="broken", PolicyDocument="{}")
    names = {p["PolicyName"] for page in client.get_paginator("list_policies").paginate(Scope="AWS")
             for p in page["Policies"]}
    check({"AdministratorAccess", "ReadOnlyAccess", "AWSLambdaSQSQueueExecutionRole"} <= names, "AWS's policies")


def test_sessions_are_limited_by_what_they_bring():
    client = iam()
    client.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST))
    client.put_role_policy(RoleName="worker", PolicyName="inline", PolicyDocument=json.dumps(ALLOW_QUEUES))
    session = engine.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/worker", RoleSessionName="me", Tags=[{"Key": "team", "Value": "red"}],
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}]}))
    contains(session["AssumedRoleUser"]["Arn"], ":assumed-role/worker/me", "session")
    credentials = session["Credentials"]
    sts = engine.client(
        "sts", aws_access_key_id=credentials["AccessKeyId"], aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"])
    contains(sts.get_caller_identity()["UserId"], "AROA", "user id")
    with refuses("AccessDenied", "Cannot call GetFederationToken with session credentials", 403):
        sts.get_federation_token(Name="eve")
    federated = engine.client("sts").get_federation_token(Name="bob")["FederatedUser"]
    equal(federated["Arn"], f"arn:aws:sts::{ACCOUNT}:federated-user/bob", "federated user")
    with refuses("ValidationError"):
        engine.client("sts").get_federation_token(Name="bob", Policy="x" * 2049)


def test_web_identity():
    client = iam()
    arn = client.create_open_id_connect_provider(Url="https://id.example.com", ClientIDList=["app"])[
        "OpenIDConnectProviderArn"]
    client.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity",
         "Condition": {"StringLike": {"id.example.com:sub": "repo:me/*"}}}]}))

    def token(subject):
        part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
        return ".".join([part({"alg": "none"}), part({"iss": "https://id.example.com", "sub": subject, "aud": "app"}), "x"])

    sts = engine.client("sts")
    role = f"arn:aws:iam::{ACCOUNT}:role/web"
    session = sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="ci", WebIdentityToken=token("repo:me/it"))
    equal(session["SubjectFromWebIdentityToken"], "repo:me/it", "subject")
    with refuses("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403):
        sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="ci", WebIdentityToken=token("repo:you/it"))
    with refuses("InvalidIdentityToken"):
        sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="ci", WebIdentityToken="nonsense")


def test_the_simulator_names_what_decides():
    results = cli(
        "iam", "simulate-custom-policy", "--policy-input-list", json.dumps(ALLOW_QUEUES), "--action-names",
        "sqs:SendMessage", "sqs:DeleteQueue", "s3:GetObject")["EvaluationResults"]
    equal([r["EvalDecision"] for r in results], ["allowed", "explicitDeny", "implicitDeny"], "decisions")
    deciding = results[1]["MatchedStatements"][-1]
    equal(deciding["SourcePolicyId"], "PolicyInputList.1", "policy")
    text = json.dumps(ALLOW_QUEUES)
    start, end = deciding["StartPosition"]["Column"] - 1, deciding["EndPosition"]["Column"] - 1
    equal(json.loads(text[start:end]), ALLOW_QUEUES["Statement"][1], "the statement's own text")


def test_the_simulator_tells_of_each_resource():
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}]})
    results = iam().simulate_custom_policy(
        PolicyInputList=[policy], ActionNames=["s3:GetObject"],
        ResourceArns=["arn:aws:s3:::open/a", "arn:aws:s3:::shut/a"])["EvaluationResults"]
    told = [r["ResourceSpecificResults"][0] for r in results]
    equal([t["EvalResourceDecision"] for t in told], ["allowed", "implicitDeny"], "decisions by resource")
    equal([t["EvalResourceName"] for t in told], ["arn:aws:s3:::open/a", "arn:aws:s3:::shut/a"], "resources")


def test_answers_as_recorded():
    client = iam()
    role = client.create_role(
        RoleName="told", AssumeRolePolicyDocument=json.dumps(TRUST), Description="d", MaxSessionDuration=7200)["Role"]
    check("MaxSessionDuration" not in role and "Description" not in role, f"the new role tells {sorted(role)}")
    equal(client.get_role(RoleName="told")["Role"]["MaxSessionDuration"], 7200, "session duration")
    with refuses("ValidationError", "Value at 'tags' failed to satisfy constraint: Member must have length"):
        client.tag_role(RoleName="told", Tags=[{"Key": f"k{n}", "Value": "v"} for n in range(51)])
    with refuses("ValidationError", "ARN nonsensenonsensenonsense is not valid."):
        client.attach_role_policy(RoleName="told", PolicyArn="nonsensenonsensenonsense")
    with refuses("MalformedPolicyDocument", "This policy contains invalid Json", 400):
        client.create_role(RoleName="placeholder", AssumeRolePolicyDocument="some policy")
    with refuses("ReportNotPresent", status=410):
        client.get_credential_report()
    arn = client.create_saml_provider(
        Name="corp", SAMLMetadataDocument="<EntityDescriptor>" + "x" * 1000 + "</EntityDescriptor>")["SAMLProviderArn"]
    provider = client.get_saml_provider(SAMLProviderArn=arn)
    equal((provider["AssertionEncryptionMode"], provider["PrivateKeyList"]), ("Allowed", []), "the SAML provider")
    with refuses("NoSuchEntity", f"Manifest not found for arn {arn}s", 404):
        client.delete_saml_provider(SAMLProviderArn=arn + "s")


def test_reports_certificates_and_tags():
    client = iam()
    equal(client.generate_credential_report()["State"], "STARTED", "first")
    equal(client.generate_credential_report()["State"], "COMPLETE", "second")
    rows = list(csv.DictReader(client.get_credential_report()["Content"].decode().splitlines()))
    equal(rows[0]["user"], "<root_account>", "the account itself")
    check(any(row["user"] == "alice" and row["access_key_1_active"] == "true" for row in rows), "alice's key")
    client.upload_server_certificate(ServerCertificateName="site", CertificateBody="body", PrivateKey="key")
    client.tag_server_certificate(ServerCertificateName="site", Tags=[{"Key": "env", "Value": "dev"}])
    equal(
        client.list_server_certificate_tags(ServerCertificateName="site")["Tags"], [{"Key": "env", "Value": "dev"}],
        "tags")
    device = client.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    equal(device["SerialNumber"], f"arn:aws:iam::{ACCOUNT}:mfa/phone", "serial number")
    client.enable_mfa_device(
        UserName="alice", SerialNumber=device["SerialNumber"], AuthenticationCode1="123456",
        AuthenticationCode2="654321")
    equal(len(client.list_mfa_devices(UserName="alice")["MFADevices"]), 1, "devices")
    job = client.generate_service_last_accessed_details(Arn=f"arn:aws:iam::{ACCOUNT}:user/team/alice")["JobId"]
    details = client.get_service_last_accessed_details(JobId=job)
    equal(details["JobStatus"], "COMPLETED", "job")
    check(any(s["ServiceNamespace"] == "sqs" for s in details["ServicesLastAccessed"]), "services that are granted")


if __name__ == "__main__":
    run(globals())
