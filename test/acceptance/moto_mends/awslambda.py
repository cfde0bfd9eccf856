"""Lambda: a function answers its dead-letter queue and its logging, as AWS does; moto takes both and forgets them."""

from moto.awslambda.models import LambdaFunction

KEPT = ("DeadLetterConfig", "LoggingConfig")

init = LambdaFunction.__init__
get_configuration = LambdaFunction.get_configuration
update_configuration = LambdaFunction.update_configuration


def keep(self, given):
    self.__dict__.setdefault("kept_settings", {}).update({key: given[key] for key in KEPT if key in given})


def init_and_keep(self, account_id, spec, *args, **more):
    init(self, account_id, spec, *args, **more)
    keep(self, spec)


def get_whole_configuration(self, *args, **more):
    return {**get_configuration(self, *args, **more), **self.__dict__.get("kept_settings", {})}


def update_and_keep(self, config_updates):
    keep(self, config_updates)
    return update_configuration(self, config_updates)


LambdaFunction.__init__ = init_and_keep
LambdaFunction.get_configuration = get_whole_configuration
LambdaFunction.update_configuration = update_and_keep
