import os

DEBUG = True  # turn off before launch
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "changeme")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}}
