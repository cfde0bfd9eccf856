"""CloudWatch: composite alarms.

A composite alarm is put and described like the others; CloudWatch refuses a rule that names an alarm that does not exist.
"""

import re

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.responses import CloudWatchResponse
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
