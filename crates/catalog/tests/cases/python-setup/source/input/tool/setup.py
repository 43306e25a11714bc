#!/usr/bin/env python
from setuptools import setup, find_packages

import os

HERE = os.path.dirname(__file__)
REQUIREMENTS = [
    "click==8.1.7",
    'PyYAML>=5',  # configuration
]

setup(
    name="old-tool",
    version="0.9",
    packages=find_packages(exclude=["tests"]),
    install_requires=REQUIREMENTS,
    tests_require=["pytest"],
    extras_require={"s3": ["boto3==1.34.0"]},
)
