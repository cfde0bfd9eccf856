"""What the API server refuses as AWS does, and what it lets through beside it. A server that never says no proves nothing.

Usage: refusals.py                     prints a line of JSON for each case: {"case": ..., "reason": what failed, or null}
The sources of the rules stand in moto_mends, which are tried here in one process, without the server around them.
"""

import json
import os

os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")

import boto3  # noqa: E402
import moto_mends  # noqa: E402  mends moto as it is imported
from botocore.exceptions import ClientError  # noqa: E402
from moto import mock_aws  # noqa: E402

ACCOUNT, REGION = "123456789012", "us-east-1"
DIGEST = "sha256:" + "a" * 64
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/api@{DIGEST}"


def refused(code, call, **parameters):
    try:
        answer = call(**parameters)
    except ClientError as refusal:
        found = refusal.response["Error"]["Code"]
        assert found == code, f"{found} in place of {code}: {refusal}"
        return
    raise AssertionError(f"{code} was expected, and the answer is {answer}")


def network(gateway):
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    blocks = {"a": "10.1.0.0/24", "b": "10.1.1.0/24"}
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"] for zone, block in blocks.items()]
    if gateway:
        attach_gateway(vpc)
    return ec2, vpc, subnets


def attach_gateway(vpc):
    ec2 = boto3.client("ec2")
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])


def a_load_balancer_that_faces_the_internet_in_a_vpc_without_a_gateway():
    _, vpc, subnets = network(gateway=False)
    elb = boto3.client("elbv2")
    refused("InvalidSubnet", elb.create_load_balancer, Name="web", Subnets=subnets)
    elb.create_load_balancer(Name="inside", Subnets=subnets, Scheme="internal")
    attach_gateway(vpc)
    elb.create_load_balancer(Name="web", Subnets=subnets)


def targets_that_stick_before_their_rule_does():
    _, vpc, subnets = network(gateway=True)
    elb = boto3.client("elbv2")
    balancer = elb.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    groups = [elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")["TargetGroups"][0]["TargetGroupArn"] for name in ("blue", "green")]

    def forward(sticky):
        config = {"TargetGroups": [{"TargetGroupArn": arn, "Weight": 50} for arn in groups]}
        return [{"Type": "forward", "ForwardConfig": {**config, **({"TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60}} if sticky else {})}}]

    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=fixed)["Listeners"][0]["ListenerArn"]
    conditions = [{"Field": "path-pattern", "Values": ["/"]}]
    rule = elb.create_rule(ListenerArn=listener, Priority=1, Conditions=conditions, Actions=forward(sticky=False))["Rules"][0]["RuleArn"]
    stick = {"TargetGroupArn": groups[0], "Attributes": [{"Key": "stickiness.enabled", "Value": "true"}]}
    refused("InvalidConfigurationRequest", elb.modify_target_group_attributes, **stick)
    elb.modify_rule(RuleArn=rule, Actions=forward(sticky=True))
    elb.modify_target_group_attributes(**stick)
    refused("InvalidLoadBalancerAction", elb.modify_rule, RuleArn=rule, Actions=forward(sticky=False))


def a_bucket_to_which_access_logs_were_delivered():
    _, _, subnets = network(gateway=True)
    elb, s3 = boto3.client("elbv2"), boto3.client("s3")
    balancer = elb.create_load_balancer(Name="web", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    s3.create_bucket(Bucket="access-logs-bucket")
    attributes = {"access_logs.s3.enabled": "true", "access_logs.s3.bucket": "access-logs-bucket"}
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()])
    refused("BucketNotEmpty", s3.delete_bucket, Bucket="access-logs-bucket")
    s3.delete_object(Bucket="access-logs-bucket", Key=f"AWSLogs/{ACCOUNT}/ELBAccessLogTestFile")
    s3.delete_bucket(Bucket="access-logs-bucket")


def a_repository_that_holds_an_image():
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="api")
    moto_mends.ecr.push(ACCOUNT, REGION, "api", DIGEST, "runs")
    refused("RepositoryNotEmptyException", ecr.delete_repository, repositoryName="api")
    ecr.delete_repository(repositoryName="api", force=True)


def another_kind_of_record_beside_a_cname_in_the_order_of_the_calls():
    dns = boto3.client("route53")
    zone = dns.create_hosted_zone(Name="shop.example.", CallerReference="1")["HostedZone"]["Id"]

    def change(action, kind, value):
        return {"Action": action, "ResourceRecordSet": {"Name": "app.shop.example", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}}

    def batch(*changes):
        return {"HostedZoneId": zone, "ChangeBatch": {"Changes": list(changes)}}

    address, name = ("A", "203.0.113.1"), ("CNAME", "cname.shop.example")
    send = dns.change_resource_record_sets
    send(**batch(change("UPSERT", *address)))
    refused("InvalidChangeBatch", send, **batch(change("UPSERT", *name)))
    refused("InvalidChangeBatch", send, **batch(change("UPSERT", *name), change("DELETE", *address)))
    send(**batch(change("DELETE", *address), change("UPSERT", *name)))
    refused("InvalidChangeBatch", send, **batch(change("CREATE", *address)))
    refused("NoSuchHostedZone", send, **{**batch(change("UPSERT", *name)), "HostedZoneId": "Z0ANOTHERACCOUNTS"})


def what_a_database_cannot_be_or_become():
    rds = boto3.client("rds")
    wanted = {"DBInstanceIdentifier": "main", "DBInstanceClass": "db.t4g.medium", "Engine": "postgres", "EngineVersion": "16.4", "AllocatedStorage": 20}
    wanted |= {"MasterUsername": "slipway", "MasterUserPassword": "long-enough-password", "BackupRetentionPeriod": 7}
    refused("InvalidParameterValue", rds.create_db_instance, **wanted, DBName="deed-pro")
    arn = rds.create_db_instance(**wanted, DBName="deed_pro")["DBInstance"]["DBInstanceArn"]
    modify = {"DBInstanceIdentifier": "main"}
    refused("InvalidParameterCombination", rds.modify_db_instance, **modify, AllocatedStorage=10)
    refused("InvalidParameterCombination", rds.modify_db_instance, **modify, EngineVersion="17.2")
    rds.modify_db_instance(**modify, EngineVersion="16.6")
    rds.modify_db_instance(**modify, EngineVersion="17.2", AllowMajorVersionUpgrade=True)
    refused("InvalidParameterCombination", rds.modify_db_instance, **modify, EngineVersion="16.6", AllowMajorVersionUpgrade=True)
    copy = {"DBInstanceIdentifier": "copy", "VpcSecurityGroupIds": ["sg-0123456789abcdef0"]}
    refused("InvalidParameterCombination", rds.create_db_instance_read_replica, **copy, SourceDBInstanceIdentifier=arn)
    rds.create_db_instance_read_replica(**copy, SourceDBInstanceIdentifier="main")
    elsewhere = boto3.client("rds", region_name="eu-west-1")
    subnets = {"DBInstanceIdentifier": "far", "SourceDBInstanceIdentifier": arn, "DBSubnetGroupName": "only-in-us-east-1"}
    refused("DBSubnetGroupNotFoundFault", elsewhere.create_db_instance_read_replica, **subnets)
    elsewhere.start_db_instance_automated_backups_replication(SourceDBInstanceArn=arn)
    refused("InvalidDBInstanceState", elsewhere.start_db_instance_automated_backups_replication, SourceDBInstanceArn=arn)


def tasks_without_a_way_to_their_registry():
    ec2, vpc, subnets = network(gateway=False)
    ecs = boto3.client("ecs")
    boto3.client("ecr").create_repository(repositoryName="api")
    moto_mends.ecr.push(ACCOUNT, REGION, "api", DIGEST, "runs")
    group = ec2.create_security_group(GroupName="tasks", Description="tasks", VpcId=vpc)["GroupId"]
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="api", containerDefinitions=[{"name": "app", "image": IMAGE, "memory": 512}])
    there = {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "DISABLED"}}

    def started(name):
        ecs.create_service(cluster="shop", serviceName=name, taskDefinition="api", desiredCount=1, launchType="FARGATE", networkConfiguration=there)
        [service] = ecs.describe_services(cluster="shop", services=[name])["services"]
        [deployment] = service["deployments"]
        return service["runningCount"], deployment["rolloutState"], deployment["rolloutStateReason"]

    def cut(found):
        assert found[:2] == (0, "FAILED") and "unable to retrieve ecr registry auth" in found[2], found

    cut(started("without-a-route"))
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    nat = ec2.create_nat_gateway(SubnetId=subnets[0], ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    found = started("with-all")
    assert found[:2] == (1, "COMPLETED"), found
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    cut(started("without-egress"))
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    doors = ec2.create_security_group(GroupName="endpoints", Description="endpoints", VpcId=vpc)["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.1.0.0/16"}]}
    ec2.authorize_security_group_ingress(GroupId=doors, IpPermissions=[https])
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[{**https, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    for service in ("ecr.api", "ecr.dkr"):
        endpoint = {"VpcEndpointType": "Interface", "PrivateDnsEnabled": True, "SubnetIds": subnets, "SecurityGroupIds": [doors]}
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.{service}", **endpoint)
    found = started("without-image-layers")
    assert found[0] == 0 and "CannotPullContainerError" in found[2], found
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", RouteTableIds=[table])
    found = started("with-endpoints")
    assert found[:2] == (1, "COMPLETED"), found


def a_rule_of_a_security_group_that_is_gone_by_its_id():
    ec2, vpc, _ = network(gateway=False)
    group = ec2.create_security_group(GroupName="api", Description="api", VpcId=vpc)["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.2.0.0/16"}]}
    ways = ((ec2.authorize_security_group_egress, ec2.revoke_security_group_egress), (ec2.authorize_security_group_ingress, ec2.revoke_security_group_ingress))
    for authorize, revoke in ways:
        [rule] = authorize(GroupId=group, IpPermissions=[https])["SecurityGroupRules"]
        by_id = {"GroupId": group, "SecurityGroupRuleIds": [rule["SecurityGroupRuleId"]]}
        revoke(**by_id)
        refused("InvalidSecurityGroupRuleId.NotFound", revoke, **by_id)
        refused("InvalidPermission.NotFound", revoke, GroupId=group, IpPermissions=[https])


CASES = [
    a_load_balancer_that_faces_the_internet_in_a_vpc_without_a_gateway,
    targets_that_stick_before_their_rule_does,
    a_bucket_to_which_access_logs_were_delivered,
    a_repository_that_holds_an_image,
    another_kind_of_record_beside_a_cname_in_the_order_of_the_calls,
    what_a_database_cannot_be_or_become,
    tasks_without_a_way_to_their_registry,
    a_rule_of_a_security_group_that_is_gone_by_its_id,
]

for case in CASES:
    moto_mends.ecr.pushed.clear()
    reason = None
    with mock_aws():
        try:
            case()
        except (AssertionError, ClientError) as error:
            reason = str(error)
    print(json.dumps({"case": case.__name__.replace("_", " "), "reason": reason}), flush=True)
