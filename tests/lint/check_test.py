#!/usr/bin/env python3
"""Each rule of check.py, shown to find a violation and to leave the right thing alone."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check  # noqa: E402


class Tree(unittest.TestCase):
    def found(self, files):
        with tempfile.TemporaryDirectory() as root:
            subprocess.run(['git', 'init', '-q', root], check=True)
            for path, text in files.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, 'w', encoding='utf-8') as handle:
                    handle.write(text)
            return list(check.violations(root))

    def expect(self, path, text, part):
        found = self.found({path: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def test_forbidden_includes(self):
        for path, included, why in [
            ('services/a/rules/x.cc', 'common/store/txn.h', 'rules may include'),
            ('services/a/rules/x.cc', 'chrono', 'clock'),
            ('services/a/x.cc', 'services/b/y.h', 'another service'),
            ('services/a/x_flow.cc', 'services/b/y.h', 'another service'),
            ('services/a/x.cc', 'common/rpc/client.h', 'no transport'),
            ('common/store/x.cc', 'services/a/y.h', 'knows no service'),
            ('common/base/x.h', 'common/text/fold.h', 'alone'),
            ('clients/cli/x.cc', 'services/a/y.h', 'a client knows'),
            ('clients/cli/x.cc', 'common/store/txn.h', 'no store'),
            ('common/cache/x.cc', 'sqlite3.h', 'only common/store/sqlite'),
            ('services/a/service.cc', 'grpcpp/grpcpp.h', 'only common/rpc'),
        ]:
            with self.subTest(path=path, included=included):
                self.expect(path, f'#include "{included}"\n', why)

    def test_allowed_includes(self):
        self.assertEqual([], self.found({
            'services/a/rules/x.cc': '#include <string>\n#include "absl/status/status.h"\n#include "common/base/days.h"\n'
                                     '#include "services/a/rules/x.h"\n#include "duikou/a/v1/x.pb.h"\n',
            'services/a/x_flow.cc': '#include "common/rpc/client.h"\n',
            'services/a/main.cc': '#include "common/rpc/server.h"\n',
            'common/rpc/x.cc': '#include <grpcpp/grpcpp.h>\n',
            'clients/cli/x.cc': '#include "services/taskregistry/policy/parse.h"\n#include <CLI/CLI.hpp>\n',
        }))

    def test_packages(self):
        self.expect('deploy/packages/build.txt', '# Tools\ncmake\n', 'cmake')
        self.assertEqual([], self.found({'deploy/packages/build.txt': '# Tools\ncmake\n', 'deploy/packages/image.txt': 'libicu72\n',
                                         'docs/dependencies.md': '| g++, cmake | the build |\n'}))

    def test_banned_names(self):
        self.expect('common/text/string_util.h', '', "'util'")
        self.expect('common/text/x.h', 'class TaskManager {\n', "'manager'")
        self.expect('common/text/x.h', 'absl::Status LoadData(int x);\n', "'data'")
        self.assertEqual([], self.found({'common/text/x.h': 'absl::Status UpdateMetadata(int x);\nauto n = s.data();\n'}))

    def test_cycles(self):
        found = self.found({'common/a/x.h': '#include "common/b/y.h"\n', 'common/b/y.h': '#include "common/a/x.h"\n'})
        self.assertEqual(2, len(found))
        self.assertIn('cycle', found[0])

    def test_reasons(self):
        source = {'services/a/x.cc': 'return StateForbids("X_STATE_FORBIDS", {"甲", "A"}, "FIELD_INVALID");\n'}
        self.assertEqual([], self.found(source | {'protos/duikou/a/v1/a.proto': '// Reasons: X_STATE_FORBIDS.\n'}))
        found = self.found(source | {'protos/duikou/a/v1/a.proto': '// As OTHER_X_STATE_FORBIDS.\n'})
        self.assertEqual(1, len(found))
        self.assertIn('X_STATE_FORBIDS', found[0])

    def test_told_reasons(self):
        proto = 'service A {\n  // Closes. Needs B_C. Reasons: X_OVER,\n  // Y_OVER (of COORDINATOR_A), Z_OVER.\n  rpc Close();\n}\nenum R {\n  COORDINATOR_A = 1;\n}\n'
        given = {'services/a/x.h': 'return StateForbids("X_OVER", {"甲", "A"});\n', 'common/b/y.cc': 'return "Z_OVER";\n'}
        found = self.found(given | {'protos/duikou/a/v1/a.proto': proto, 'services/b/x.cc': 'f("Y_OVER");\n', 'protos/duikou/b/v1/b.proto': '// Y_OVER\n'})
        self.assertEqual(1, len(found), found)
        self.assertIn('the reason Y_OVER', found[0])
        self.assertEqual([], self.found(given | {'protos/duikou/a/v1/a.proto': proto, 'services/a/x.cc': 'f("Y_OVER");\n'}))

    def test_texts(self):
        self.expect('common/a/x.h', '// TO' + 'DO: later\n', 'left for later')
        self.expect('common/a/x_test.cc', 'TEST(A, DISA' + 'BLED_B) {}\n', 'switched off')
        self.expect('package-lock.json', '{"resolved": "https://example.org/x.tgz"}', 'registry')
        self.expect('common/a/x.pb.h', '', 'generated')

    def test_docs(self):
        self.expect('docs/a.md', 'see [b](b.md)\n', 'not there')
        self.assertEqual([], self.found({'docs/a.md': 'see [b](b.md#part), [web](https://example.org)\n', 'docs/b.md': ''}))
        both = {'README.md': '# A\n## B\n', 'README.zh-CN.md': '# A\n'}
        self.assertEqual(1, len(self.found(both)))
        both['README.zh-CN.md'] = '# 甲\n```\n# no heading\n```\n## 乙\n'
        self.assertEqual([], self.found(both))
        both['README.md'] += '| a | b |\n| --- | --- |\n| c | d |\n'
        both['README.zh-CN.md'] += '| 甲 | 乙 |\n| --- | --- |\n'
        self.assertIn('2 rows, those of README.md 3', ''.join(self.found(both)))
        both['README.zh-CN.md'] += '| 丙 | 丁 |\n'
        self.assertEqual([], self.found(both))


if __name__ == '__main__':
    unittest.main()
