"""The Python client of partners, before a server that refuses: what it sends again, and what not."""
import concurrent.futures
import sys
import time
import unittest

import harness  # Before grpc, which it sets up.
import grpc

sys.path.insert(0, str(harness.ROOT / 'clients' / 'partner' / 'python'))
import duikou_partner  # noqa: E402

UNLIMITED = [('grpc.max_receive_message_length', -1)]
PATIENCE = 2
METHOD = 'duikou.taskregistry.v1.TaskRegistry/ListTasks'


class Full(grpc.GenericRpcHandler):
    """Refuses every call as the edge does, without saying when to come again."""

    def __init__(self):
        self.calls = 0

    def service(self, handler_call_details):
        return grpc.unary_unary_rpc_method_handler(self.refuse)

    def refuse(self, request, context):
        self.calls += 1
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, 'no more')


class PartnerClientTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        duikou_partner.load_protos(harness.ROOT / 'protos')

    def setUp(self):
        self.full = Full()
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(1), handlers=[self.full], options=UNLIMITED)
        port = server.add_insecure_port('127.0.0.1:0')
        server.start()
        self.addCleanup(server.stop, None)
        self.partner = duikou_partner.Partner.__new__(duikou_partner.Partner)  # Without the edge's certificates.
        self.partner.channel, self.partner.headers, self.partner.patience = grpc.insecure_channel(f'127.0.0.1:{port}'), [], PATIENCE
        self.addCleanup(self.partner.channel.close)

    def refused(self, bytes_of_filter):
        begin = time.monotonic()
        with self.assertRaises(grpc.RpcError) as refusal:
            self.partner.call('taskregistry', METHOD, {'parent': harness.CITY, 'filter': 'x' * bytes_of_filter})
        self.assertEqual(refusal.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        return time.monotonic() - begin

    def test_a_refusal_is_tried_again_while_there_is_patience(self):
        self.assertGreaterEqual(self.refused(100), PATIENCE)
        self.assertGreater(self.full.calls, 1)

    def test_a_message_that_is_too_large_is_sent_once(self):
        self.refused(5 << 20)
        self.assertEqual(self.full.calls, 1)


if __name__ == '__main__':
    unittest.main()
