"""CloudWatch: composite alarms, and questions that name alarms and a state.

A composite alarm is put and described like the others; CloudWatch refuses a rule that names an alarm that does not exist.
DescribeAlarms answers with what every filter lets through; moto's goes by the first one and forgets the state.
"""

import re

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores


def put_composite_alarm(self):
    rule = self._get_param("AlarmRule")
    for quoted, plain in re.findall(r'(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]+)"|([^)"\s]+))\s*\)', rule):
        name = (quoted or plain).split(":alarm:")[-1]
        if name not in self.cloudwatch_backend.alarms:
            raise ValidationError(f"Could not save the composite alarm as alarms [{name}] in the alarm rule do not exist")
    answer = self.put_metric_alarm()
    alarm = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
    for member in ("ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"):
        setattr(alarm, camelcase_to_underscores(member), self._get_param(member))
    return answer


CloudWatchResponse.put_composite_alarm = put_composite_alarm


def describe_alarms(self):
    actions, prefix = self._get_param("ActionPrefix"), self._get_param("AlarmNamePrefix")
    names, state = self._get_param("AlarmNames", []), self._get_param("StateValue")
    alarms = [
        alarm
        for alarm in self.cloudwatch_backend.describe_alarms()
        if (not actions or any(action.startswith(actions) for action in alarm.alarm_actions))
        and (not prefix or alarm.name.startswith(prefix))
        and (not names or alarm.name in names)
        and (not state or alarm.state_value == state)
    ]
    metric, composite = [a for a in alarms if a.rule is None], [a for a in alarms if a.rule is not None]
    return ActionResult({"MetricAlarms": metric, "CompositeAlarms": composite})


CloudWatchResponse.describe_alarms = describe_alarms
