"""Reads ~/.aws/credentials, and ~/.netrc."""
import os
import subprocess

import requests

ENVIRONMENT = dict(os.environ)


def run():
    subprocess.run(['ls'], env=ENVIRONMENT)
    return requests.post('https://example.com', data={})
