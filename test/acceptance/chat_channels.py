"""Slack channels of Amazon Q Developer in chat applications (API prefix `chatbot`), which moto does not know.

Create, describe, update, delete and tags, by the names and shapes of botocore's model of the service. A second channel of a name is a
ConflictException, an unknown one a ResourceNotFoundException; whether Slack's workspace let the service in nobody here can tell.
"""

import json
import re


class ChatChannels:
    """Answers the service's calls in moto's place. One table an account: the service is none of a region's."""

    path = re.compile(r"^/(create|describe|update|delete)-slack-channel-configurations?$")

    def __init__(self, app):
        self.app = app
        self.channels = {}

    def __call__(self, environ, start):
        if "/chatbot/aws4_request" not in environ.get("HTTP_AUTHORIZATION", ""):
            return self.app(environ, start)
        asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or "{}")
        status, answer, error = self.answer(environ, asked)
        headers = [("Content-Type", "application/json"), *([("x-amzn-errortype", error)] if error else [])]
        start(status, headers)
        return [json.dumps(answer).encode()]

    def answer(self, environ, asked):
        channels = self.channels.setdefault(environ.get("HTTP_X_MOTO_ACCOUNT_ID", ""), {})
        if environ["PATH_INFO"] == "/list-tags-for-resource":
            return "200 OK", {"Tags": channels.get(asked["ResourceARN"], {}).get("Tags", [])}, None
        found = self.path.match(environ["PATH_INFO"])
        if not found:
            return "400 Bad Request", {"message": f"{environ['PATH_INFO']} (by the API server of the acceptance)"}, "NotAnswered"
        arn = asked.get("ChatConfigurationArn")
        if found[1] == "describe":
            return "200 OK", {"SlackChannelConfigurations": [channel for key, channel in channels.items() if arn in (None, key)]}, None
        if found[1] == "create":
            arn = f"arn:aws:chatbot::{environ['HTTP_X_MOTO_ACCOUNT_ID']}:chat-configuration/slack-channel/{asked['ConfigurationName']}"
            if arn in channels:
                return "409 Conflict", {"message": f"{asked['ConfigurationName']} exists"}, "ConflictException"
            channels[arn] = {"ChatConfigurationArn": arn, "SlackTeamName": asked["SlackTeamId"], "SlackChannelName": asked["SlackChannelId"], "State": "ENABLED"}
        if arn not in channels:
            return "404 Not Found", {"message": f"{arn} does not exist"}, "ResourceNotFoundException"
        if found[1] == "delete":
            del channels[arn]
            return "204 No Content", {}, None
        channels[arn] |= asked
        return ("201 Created" if found[1] == "create" else "200 OK"), {"ChannelConfiguration": channels[arn]}, None
