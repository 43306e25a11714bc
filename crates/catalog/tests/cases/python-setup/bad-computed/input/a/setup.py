from setuptools import setup
setup(name="computed", version=open("V").read(), install_requires=open("r.txt").read().splitlines() + ["x"])
