"""ECR: images by a digest of the caller's choice, pushed before their repository is there if need be; the API takes layers and manifests only.

Registries of other accounts are read as they are, and have the repositories that somebody has pushed to: whose stacks those are is not here.
"""

import json

from moto.ecr.models import ECRBackend, Image, ecr_backends

# Account, region, repository and digest -> what becomes of its tasks: "runs" or "dies".
pushed = {}


def push(account, region, repository, digest, fate):
    known = (account, region, repository, digest) in pushed
    pushed[account, region, repository, digest] = fate
    found = ecr_backends[account][region].repositories.get(repository)
    if found and not known:
        add(found, digest)


def fate_of(uri):
    """Of an image that a task definition names: "absent" when nobody has pushed it; other registries are believed."""
    host, _, rest = uri.partition("/")
    parts = host.split(".")
    if parts[1:3] != ["dkr", "ecr"]:
        return "runs"
    repository, _, digest = rest.partition("@")
    found = ecr_backends[parts[0]][parts[3]].repositories.get(repository)
    if not found or digest not in [image.get_image_digest() for image in found.images]:
        return "absent"
    return pushed.get((parts[0], parts[3], repository, digest), "runs")


def add(repository, digest):
    manifest = json.dumps({"schemaVersion": 2, "layers": []})
    repository.images.append(Image(repository.account_id, None, manifest, repository.name, digest=digest))


def create_with_images(self, repository_name, *args, create=ECRBackend.create_repository, **kwargs):
    repository = create(self, repository_name, *args, **kwargs)
    for account, region, name, digest in pushed:
        if (account, region, name) == (self.account_id, self.region_name, repository_name):
            add(repository, digest)
    return repository


def get_of_any_account(self, name, registry_id=None, get=ECRBackend._get_repository):
    if registry_id in (None, self.account_id):
        return get(self, name, registry_id)
    other = ecr_backends[registry_id][self.region_name]
    if name not in other.repositories and any(image[:3] == (registry_id, self.region_name, name) for image in pushed):
        other.create_repository(name, registry_id, None, None, "IMMUTABLE", [])
    return get(other, name, registry_id)


def describe_of_any_account(self, registry_id=None, repository_names=None, describe=ECRBackend.describe_repositories):
    if registry_id in (None, self.account_id):
        return describe(self, registry_id, repository_names)
    return [get_of_any_account(self, name, registry_id) for name in repository_names or []]


ECRBackend.create_repository = create_with_images
ECRBackend.describe_repositories = describe_of_any_account
ECRBackend._get_repository = get_of_any_account
