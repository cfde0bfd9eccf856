"""AWS Backup: selections, restore testing, what a vault may and tells, opt-ins of a region, updates of plans, and jobs of a bucket's backup.

Each is kept as it comes and answered with its id, ARN and time of creation. As AWS does: a plan that still has selections is
not deleted, and a restore testing selection answers the conditions that it was not given as empty. A job is at its end when it is first
asked for; a vault that holds something is not deleted, and a bucket without versions is not backed up (guide, "S3 backups").
"""

import json
from datetime import timedelta
from urllib.parse import unquote

from moto.backup.exceptions import InvalidRequestException, ResourceNotFoundException
from moto.backup.responses import BackupResponse
from moto.backup.urls import url_paths
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends


def kept(self, what):
    return self.backup_backend.__dict__.setdefault(f"kept_{what}", {})


def found(things, key, name):
    if key not in things:
        raise ResourceNotFoundException(f"{name} cannot be found.")
    return things[key]


def params(self):
    return json.loads(self.body or "{}")


def arn(self, kind, name):
    return f"arn:aws:backup:{self.region}:{self.current_account}:{kind}:{name}"


def path_part(self, after, part=1):
    """A name in the path of the request, such as the plan's after `plans`."""
    parts = [each for each in self.path.split("/") if each]
    return parts[parts.index(after) + part]


def selections_of(self, plan_id):
    return {key: value for key, value in kept(self, "selections").items() if value["BackupPlanId"] == plan_id}


def create_backup_selection(self):
    plan_id, selection_id = path_part(self, "plans"), str(mock_random.uuid4())
    self.backup_backend.get_backup_plan(backup_plan_id=plan_id, version_id=None)
    kept(self, "selections")[selection_id] = {
        "SelectionId": selection_id,
        "BackupPlanId": plan_id,
        "CreationDate": utcnow(),
        "BackupSelection": params(self)["BackupSelection"],
    }
    return ActionResult(kept(self, "selections")[selection_id])


def get_backup_selection(self):
    selection_id = path_part(self, "selections")
    return ActionResult(found(kept(self, "selections"), selection_id, f"Backup selection {selection_id}"))


def list_backup_selections(self):
    return ActionResult({"BackupSelectionsList": list(selections_of(self, path_part(self, "plans")).values())})


def delete_backup_selection(self):
    kept(self, "selections").pop(path_part(self, "selections"), None)
    return EmptyResult()


def delete_backup_plan(self, delete=BackupResponse.delete_backup_plan):
    if selections_of(self, path_part(self, "plans")):
        raise InvalidRequestException("Related backup plan selections must be deleted prior to backup plan deletion")
    return delete(self)


def update_backup_plan(self):
    plan = self.backup_backend.get_backup_plan(backup_plan_id=path_part(self, "plans"), version_id=None)
    plan.backup_plan = {**params(self)["BackupPlan"]}
    for rule in plan.backup_plan["Rules"]:
        rule["RuleId"] = str(mock_random.uuid4())
    plan.version_id = mock_random.get_random_string(length=48)
    return ActionResult({"BackupPlanId": plan.backup_plan_id, "BackupPlanArn": plan.backup_plan_arn, "VersionId": plan.version_id})


def of_vault(operation, *members):
    """Put, get and delete of something that a vault has at most one of."""

    def vault(self):
        return self.backup_backend.describe_backup_vault(path_part(self, "backup-vaults"))

    def put(self):
        given = params(self)
        kept(self, operation)[vault(self).backup_vault_name] = {member: given[member] for member in members}
        return EmptyResult()

    def get(self):
        name = vault(self).backup_vault_name
        settings = found(kept(self, operation), name, f"{operation} of vault {name}")
        return ActionResult({"BackupVaultName": name, "BackupVaultArn": vault(self).backup_vault_arn, **settings})

    def delete(self):
        kept(self, operation).pop(vault(self).backup_vault_name, None)
        return EmptyResult()

    for verb, answer in (("put", put), ("get", get), ("delete", delete)):
        setattr(BackupResponse, f"{verb}_backup_vault_{operation}", answer)


of_vault("access_policy", "Policy")
of_vault("notifications", "SNSTopicArn", "BackupVaultEvents")


def testing_plan(self):
    name = path_part(self, "plans")
    return found(kept(self, "testing_plans"), name, f"Restore testing plan {name}")


def testing_selection(self):
    key = (testing_plan(self)["RestoreTestingPlanName"], path_part(self, "selections"))
    return found(kept(self, "testing_selections"), key, f"Restore testing selection {key[1]}")


def create_restore_testing_plan(self):
    given = params(self)
    plan = {"ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24, **given["RestoreTestingPlan"]}
    name = plan["RestoreTestingPlanName"]
    plan.update(CreationTime=utcnow(), RestoreTestingPlanArn=arn(self, "restore-testing-plan", f"{name}-{mock_random.uuid4()}"))
    points = plan["RecoveryPointSelection"]
    plan["RecoveryPointSelection"] = {"ExcludeVaults": [], "SelectionWindowDays": 30, **points}
    kept(self, "testing_plans")[name] = plan
    self.backup_backend.tag_resource(plan["RestoreTestingPlanArn"], given.get("Tags") or {})
    return ActionResult(plan)


def get_restore_testing_plan(self):
    return ActionResult({"RestoreTestingPlan": testing_plan(self)})


def update_restore_testing_plan(self):
    testing_plan(self).update(params(self)["RestoreTestingPlan"], UpdateTime=utcnow())
    return ActionResult(testing_plan(self))


def delete_restore_testing_plan(self):
    name = testing_plan(self)["RestoreTestingPlanName"]
    if any(plan == name for plan, _ in kept(self, "testing_selections")):
        raise InvalidRequestException("Restore testing plan has selections and cannot be deleted.")
    del kept(self, "testing_plans")[name]
    return EmptyResult()


def create_restore_testing_selection(self):
    plan, selection = testing_plan(self), dict(params(self)["RestoreTestingSelection"])
    selection.setdefault("ProtectedResourceConditions", {})
    selection.setdefault("RestoreMetadataOverrides", {})
    selection.setdefault("ValidationWindowHours", 0)
    selection.update(CreationTime=utcnow(), RestoreTestingPlanArn=plan["RestoreTestingPlanArn"], RestoreTestingPlanName=plan["RestoreTestingPlanName"])
    kept(self, "testing_selections")[plan["RestoreTestingPlanName"], selection["RestoreTestingSelectionName"]] = selection
    return ActionResult(selection)


def get_restore_testing_selection(self):
    return ActionResult({"RestoreTestingSelection": testing_selection(self)})


def update_restore_testing_selection(self):
    testing_selection(self).update(params(self)["RestoreTestingSelection"], UpdateTime=utcnow())
    return ActionResult(testing_selection(self))


def delete_restore_testing_selection(self):
    testing_selection(self)
    del kept(self, "testing_selections")[path_part(self, "plans"), path_part(self, "selections")]
    return EmptyResult()


def points_of(self, vault_name):
    return [point for point in kept(self, "points").values() if point["BackupVaultName"] == vault_name]


def start_backup_job(self):
    given = params(self)
    vault = self.backup_backend.describe_backup_vault(given["BackupVaultName"])
    resource, job_id, now = given["ResourceArn"], str(mock_random.uuid4()), utcnow()
    bucket = s3_backends[self.current_account]["aws"].buckets.get(resource.split(":::")[-1])
    if bucket is None:
        raise ResourceNotFoundException(f"Resource {resource} cannot be found.")
    job = {"BackupJobId": job_id, "BackupVaultName": vault.backup_vault_name, "ResourceArn": resource, "CreationDate": now}
    kept(self, "jobs")[job_id] = job
    if bucket.versioning_status != "Enabled":
        job.update(State="FAILED", StatusMessage=f"Versioning is not enabled on {resource}.")
    else:
        point = f"{arn(self, 'recovery-point', bucket.name)}-{mock_random.get_random_hex(8)}"
        job.update(State="COMPLETED", RecoveryPointArn=point, CompletionDate=now)
        days = (given.get("Lifecycle") or {}).get("DeleteAfterDays")
        kept(self, "points")[point] = {
            **{"RecoveryPointArn": point, "BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn},
            **{"ResourceArn": resource, "ResourceType": "S3", "CreationDate": now, "Status": "COMPLETED"},
            **({} if days is None else {"Lifecycle": {"DeleteAfterDays": days}, "CalculatedLifecycle": {"DeleteAt": now + timedelta(days=days)}}),
        }
        self.backup_backend.tag_resource(point, given.get("RecoveryPointTags") or {})
    return ActionResult({"BackupJobId": job_id, "CreationDate": now})


def describe_backup_job(self):
    job_id = path_part(self, "backup-jobs")
    return ActionResult(found(kept(self, "jobs"), job_id, f"Backup job {job_id}"))


def list_recovery_points_by_backup_vault(self):
    vault = self.backup_backend.describe_backup_vault(path_part(self, "backup-vaults"))
    return ActionResult({"RecoveryPoints": points_of(self, vault.backup_vault_name)})


def recovery_point(self):
    point = unquote(self.path.split("/recovery-points/")[1])
    return found(kept(self, "points"), point, f"Recovery point {point}")


def describe_recovery_point(self):
    return ActionResult(recovery_point(self))


def delete_recovery_point(self):
    del kept(self, "points")[recovery_point(self)["RecoveryPointArn"]]
    return EmptyResult()


def delete_backup_vault(self, delete=BackupResponse.delete_backup_vault):
    if points_of(self, path_part(self, "backup-vaults")):
        raise InvalidRequestException("Backup vault cannot be deleted because it contains recovery points.")
    return delete(self)


def describe_region_settings(self):
    return ActionResult({"ResourceTypeManagementPreference": {}, "ResourceTypeOptInPreference": {}, **kept(self, "region_settings")})


def update_region_settings(self):
    settings = kept(self, "region_settings")
    for name, preference in params(self).items():
        settings[name] = {**settings.get(name, {}), **preference}
    return EmptyResult()


for answer in (
    create_backup_selection,
    get_backup_selection,
    list_backup_selections,
    delete_backup_selection,
    delete_backup_plan,
    update_backup_plan,
    create_restore_testing_plan,
    get_restore_testing_plan,
    update_restore_testing_plan,
    delete_restore_testing_plan,
    create_restore_testing_selection,
    get_restore_testing_selection,
    update_restore_testing_selection,
    delete_restore_testing_selection,
    start_backup_job,
    describe_backup_job,
    list_recovery_points_by_backup_vault,
    describe_recovery_point,
    delete_recovery_point,
    delete_backup_vault,
    describe_region_settings,
    update_region_settings,
):
    setattr(BackupResponse, answer.__name__, answer)
for path in (
    "backup-vaults/(?P<name>[^/]+)/access-policy$",
    "backup-vaults/(?P<name>[^/]+)/notification-configuration$",
    "backup-jobs/?$",
    "backup-jobs/(?P<name>[^/]+)$",
    "backup-vaults/(?P<name>[^/]+)/recovery-points/?$",
    "backup-vaults/(?P<name>[^/]+)/recovery-points/(?P<point>.+)$",
    "restore-testing/plans$",
    "restore-testing/plans/(?P<name>.+)$",
    "account-settings$",
):
    url_paths["{0}/" + path] = BackupResponse.dispatch
