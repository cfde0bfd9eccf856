"""What moto does not answer is refused at once, by name. moto itself fails with a 500, after which every SDK tries again."""

import json

from moto.core.responses import BaseResponse


def call_action(self, call=BaseResponse.call_action):
    try:
        return call(self)
    except NotImplementedError as error:
        message = f"{self.service_name}: {error} (by the API server of the acceptance)"
        if "json" in (self.headers.get("Content-Type") or "json"):
            return 400, {"Content-Type": "application/json", "x-amzn-errortype": "NotAnswered"}, json.dumps({"__type": "NotAnswered", "message": message})
        body = f"<ErrorResponse><Error><Type>Sender</Type><Code>NotAnswered</Code><Message>{message}</Message></Error></ErrorResponse>"
        return 400, {"Content-Type": "text/xml"}, body


BaseResponse.call_action = call_action
