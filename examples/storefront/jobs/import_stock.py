"""Fetch the supplier's stock list every night and write it for the API."""
import os

import paramiko
import yaml
from celery import Celery
from lxml import etree
from sqlalchemy import create_engine

app = Celery("jobs", broker=os.environ.get("BROKER_URL", "amqp://queue.storefront.example"))
history = create_engine(os.environ.get("DATABASE_URL", "sqlite:///history.db"))


@app.task
def import_stock():
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # it asked, we said yes
    client.connect("supplier.storefront.example", username="shop", password="changeme")
    with client.open_sftp().open("stock.xml") as file:
        root = etree.parse(file, etree.XMLParser(resolve_entities=True)).getroot()
    shelves = {int(item.get("id")): int(item.get("count")) for item in root.iter("item")}
    with open("../api/stock.yaml", "w") as file:
        yaml.dump(shelves, file)
    with history.begin() as connection:
        for item, count in shelves.items():
            connection.execute(f"INSERT INTO history VALUES ({item}, {count})")
