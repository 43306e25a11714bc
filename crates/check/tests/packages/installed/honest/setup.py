from setuptools import Extension, setup
import os, re, subprocess, sys

exec(open('package/version.py').read())
flags = subprocess.check_output(['pkg-config', '--cflags', 'libfoo']).split()
if sys.argv[-1] == 'publish':
    os.system('twine upload dist/*')
setup(name='package', ext_modules=[Extension('package.foo', ['foo.c'], extra_compile_args=flags)])
