"""Writes small wheels into a folder, so that pip has something to install without a network."""

import sys
import zipfile

WHEELS = [
    ("Web_Server", "1.0", ["Cache[Redis]>=2", "Text.Tools (>=1)", "older; python_version < '3'"]),
    ("cache", "2.1", ["redis_client>=3; extra == 'redis'", "memcached; extra == 'memcached'"]),
    ("redis-client", "3.4", ["windows-only; sys_platform == 'win32'", "text-tools"]),
    ("text.tools", "1.2", ["memcached ; extra == 'all' and os_name == 'posix'", "text-tools[all]; extra == 'more'"]),
    ("memcached", "0.1", ["cache"]),
    ("platform-bound", "5", ["memcached; platform_system == 'Linux' and implementation_name == 'cpython'",
                             "cache; (python_full_version >= '3.0' or os_name == 'nt') and 'x' not in os_name"]),
    ("wants-more", "1", ["text.tools[more]~=1.0"]),
]

for name, version, needs in WHEELS:
    module = name.replace("-", "_").replace(".", "_")
    info = f"{module}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {need}\n" for need in needs)
    with zipfile.ZipFile(f"{sys.argv[1]}/{module}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{module}/__init__.py", "")
        wheel.writestr(f"{info}/METADATA", metadata + "\nRequires-Dist: nothing\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
