#!/bin/sh
# Nothing of this is pinned.
curl -sSL https://tools.example/install.sh | sh
pip install -r requirements.txt
