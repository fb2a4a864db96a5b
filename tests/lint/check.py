#!/usr/bin/env python3
"""The rules of the tree that no compiler enforces.

    check.py [--root DIR]

Reads the files that git knows or would add, prints one line for each violation and fails when there is one. Files over
400 lines are only named: a long file is a question, not an error.

What it holds to: the table "Who may include whom" of docs/architecture.md, one owner for each third-party library, no
cycle among the folders of common/, no reason that the protos of its service do not tell and none told that no code gives, names that say something, no generated file in the repository, nothing left for later
in comments, both READMEs in step, no link of the docs to a file that is not there, and no package without a reason in
docs/dependencies.md.
"""
import argparse
import collections
import os
import re
import subprocess
import sys

BANNED_WORDS = {'util', 'utils', 'helper', 'helpers', 'manager', 'managers', 'misc', 'impl', 'data'}
LONG_FILE = 400

# Which folders may include a third-party library's headers. Everyone else goes through them.
LIBRARY_OWNERS = {
    r'grpc(pp|\+\+)?/(?!.*\.pb\.h)': ('common/rpc', 'bench'),
    r'sqlite3\.h': ('common/store/sqlite', 'bench'),
    r'libpq-fe\.h': ('common/store/postgres', 'bench'),
    r'hiredis/': ('common/cache', 'bench'),
    r'unicode/': ('common/text',),
    r'opencc/': ('common/text',),
    r'sodium\.h': ('common/auth', 'common/crypto'),
    r'openssl/': ('common/crypto',),
    r'prometheus/': ('common/telemetry',),
    r'CLI/': ('clients/cli', 'common/rpc', 'bench'),
    r'nghttp2/': ('bench',),
    r'xapian\.h': ('bench',),
    r'zip\.h': ('common/zip',),
    r'libical/': ('common/ical',),
    r'(expat|xlsxwriter)\.h': ('common/tabular',),
}

# (who, what it may never include, why), by the table of docs/architecture.md. {own} is the service's own folder.
FORBIDDEN = [
    (r'services/[^/]+/rules/', r'common/(?!base/)', 'rules may include own messages, absl and common/base'),
    (r'services/[^/]+/rules/', r'(grpc|hiredis|sqlite3|sys/time|ctime|chrono$)', 'rules know no store, gRPC, Redis or clock'),
    (r'services/(?P<own>[^/]+)/', r'services/(?!{own}/)', "another service's sources are never included"),
    (r'services/[^/]+/(?!rules/|.*_flow\.|service\.|main\.|.*_test\.)[^/]+$', r'common/(rpc|cache|follow|pending/serve|workdays/keep)',
     'a resource has no transport; what calls other services is a *_flow file'),
    (r'common/', r'(services|clients|bench|tests)/', 'common/ knows no service and no client'),
    (r'common/base/', r'common/(?!base/)', 'common/base stands on the standard library and absl alone'),
    (r'clients/', r'services/(?!taskregistry/policy/)', 'a client knows the API, not the services'),
    (r'clients/', r'common/(store|cache)/', 'a client has no store'),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.M)
DECLARED = re.compile(r'^\s*(?:class|struct|enum class|enum|union|namespace|concept|message|service|rpc)\s+([A-Za-z_]\w*)', re.M)
FUNCTION = re.compile(r'^(?!\s*(?:return|else|case|using|typedef|#)\b)[\w:<>,*&\s]*?[\w>*&]\s+([A-Z]\w*)\(', re.M)
LATER = re.compile(r'\b(?:TO' + r'DO|FIX' + r'ME|XX' + r'X|HA' + r'CK)\b')
REASON = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"')
TOLD_REASON = re.compile(r'\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b')
COMMENT = re.compile(r'(?:^[ \t]*//.*\n)+', re.M)
ENUM_VALUE = re.compile(r'^\s*([A-Z][A-Z0-9_]*)\s*=\s*\d+', re.M)
EVERYWHERE = {'FIELD_INVALID'}  # Of any method (common/base/error.h).
LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')
GENERATED = re.compile(r'\.pb\.(h|cc)$|_pb2(_grpc)?\.py$|(^|/)node_modules/|(^|/)compile_commands\.json$')


def tracked_files(root):
    out = subprocess.run(['git', '-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                         check=True, capture_output=True).stdout
    return sorted(f for f in out.decode().split('\0') if f and os.path.isfile(os.path.join(root, f)))


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as handle:
        return handle.read()


def words(name):
    """The words of a file name or identifier: snake_case, kebab-case and CamelCase taken apart, in lower case."""
    parts = re.split(r'[^A-Za-z]+', name)
    return [w.lower() for p in parts for w in re.findall(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+', p)]


def check_includes(path, text):
    for included in INCLUDE.findall(text):
        for who, what, why in FORBIDDEN:
            match = re.match(who, path)
            if match and re.match(what.replace('{own}', match.groupdict().get('own', '')), included):
                yield f'{path}: includes {included}: {why}'
        for library, owners in LIBRARY_OWNERS.items():
            if re.match(library, included) and not path.startswith(('tests/',) + tuple(o + '/' for o in owners)):
                yield f'{path}: includes {included}: only {", ".join(owners)} may'


def check_names(path, text):
    for word in words(os.path.basename(path)) + [w for d in path.split('/')[:-1] for w in words(d)]:
        if word in BANNED_WORDS:
            yield f"{path}: the name says '{word}', which says nothing: name the subject"
    names = set(DECLARED.findall(text)) if path.endswith(('.h', '.cc', '.proto')) else set()
    if path.endswith(('.h', '.cc')):
        names |= set(FUNCTION.findall(text))
    for name in sorted(names):
        for word in words(name):
            if word in BANNED_WORDS:
                yield f"{path}: {name} says '{word}', which says nothing: name the subject"


def check_text(path, text):
    if path.endswith(('.h', '.cc', '.proto', '.py', '.sh', '.ts', '.js', '.md')) and LATER.search(text):
        yield f'{path}: something is left for later in a comment: do it or write it down as an issue'
    if re.search(r'_test\.(cc|py)$|^tests/', path) and re.search(r'\bTEST\w*\([^)]*DISABLED_', text):
        yield f'{path}: a test is switched off'
    if path.endswith('package-lock.json') and '"resolved"' in text:
        yield f'{path}: records registry addresses: npm install --omit-lockfile-registry-resolved'


def check_reasons(root, files):
    """What a caller may have to handle stands in the comment of the method, or at least in the protos of the service."""
    told = collections.defaultdict(str)
    for path in files:
        if path.endswith('.proto'):
            told[os.path.dirname(path)] += read(root, path)
    for path in files:
        service = re.match(r'services/([^/]+)/.*\.cc$', path)
        protos = service and next((text for folder, text in told.items() if folder.startswith(f'protos/duikou/{service[1]}/')), None)
        for reason in sorted(set(REASON.findall(read(root, path)))) if protos else ():
            if reason not in EVERYWHERE and not re.search(rf'\b{reason}\b', protos):
                yield f'{path}: gives the reason {reason}, which no comment in the protos of {service[1]} tells'


def told_reasons(proto):
    """What stands after "Reasons:" in its comments, but for values of its enums: roles and states are spelt alike."""
    values = set(ENUM_VALUE.findall(proto))
    for comment in COMMENT.findall(proto):
        _, mark, told = re.sub(r'\s*\n\s*//', '', comment).partition('Reasons:')
        yield from sorted(set(TOLD_REASON.findall(told)) - values) if mark else ()


def check_told_reasons(root, files):
    """What no code gives, nobody need handle. Reasons are literals of the service, or of what all services share."""
    given = collections.defaultdict(set)
    for path in files:
        source = re.match(r'(?:services/([^/]+)|common)/.*\.(h|cc)$', path)
        if source:
            given[source[1]] |= set(REASON.findall(read(root, path)))
    for path in files:
        service = re.match(r'protos/duikou/([^/]+)/.*\.proto$', path)
        for reason in told_reasons(read(root, path)) if service else ():
            if reason not in given[service[1]] | given[None]:
                yield f'{path}: tells of the reason {reason}, which no code of {service[1]} gives'


def folders_of_common(root, files):
    graph = collections.defaultdict(set)
    for path in files:
        match = re.match(r'common/([^/]+)/.*(?<!_test)\.(h|cc)$', path)
        if match:
            for included in INCLUDE.findall(read(root, path)):
                other = re.match(r'common/([^/]+)/', included)
                if other and other.group(1) != match.group(1):
                    graph[match.group(1)].add(other.group(1))
    return graph


def check_cycles(root, files):
    """A folder of common/ that reaches itself through its includes has no place in an order of layers."""
    graph = folders_of_common(root, files)
    for start in sorted(graph):
        reached, frontier = set(), list(graph[start])
        while frontier:
            folder = frontier.pop()
            if folder not in reached:
                reached.add(folder)
                frontier.extend(graph.get(folder, ()))
        if start in reached:
            yield f'common/{start}: is part of a cycle of includes ({", ".join(sorted(reached))})'


def headings(text):
    text = re.sub(r'^```.*?^```', '', text, flags=re.M | re.S)
    return [len(h) for h in re.findall(r'^(#+)\s', text, flags=re.M)]


def check_readmes(english, chinese):
    here, there = headings(english), headings(chinese)
    if here != there:
        yield f'README.zh-CN.md: its headings ({there}) are not those of README.md ({here})'
    here, there = (len(re.findall(r'^\|', text, flags=re.M)) for text in (english, chinese))
    if here != there:
        yield f'README.zh-CN.md: its tables have {there} rows, those of README.md {here}'


def check_docs(root, files):
    known = set(files) | {'/'.join(f.split('/')[:i]) for f in files for i in range(1, f.count('/') + 1)}
    for path in files:
        if not path.endswith('.md'):
            continue
        for target in LINK.findall(re.sub(r'`[^`\n]*`', '', read(root, path))):
            target = target.split('#')[0]
            if not target or re.match(r'[a-z]+:', target):
                continue
            resolved = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if resolved.rstrip('/') not in known and resolved != '.':
                yield f'{path}: links to {target}, which is not there'
    if {'README.md', 'README.zh-CN.md'} <= set(files):
        yield from check_readmes(read(root, 'README.md'), read(root, 'README.zh-CN.md'))
    elif 'README.md' in files:
        yield 'README.zh-CN.md: is missing beside README.md'


def check_packages(root, files):
    reasons = set(re.split(r'[\s,|]+', read(root, 'docs/dependencies.md'))) if 'docs/dependencies.md' in files else set()
    for path in files:
        # The image's list is that of the shared libraries of the others.
        if re.fullmatch(r'deploy/packages/(?!image\.)[^/]+\.txt', path):
            for package in sorted(set(re.sub(r'#.*', '', read(root, path)).split()) - reasons):
                yield f'{path}: docs/dependencies.md does not say what {package} is for'


def violations(root):
    files = tracked_files(root)
    for path in files:
        if GENERATED.search(path):
            yield f'{path}: is generated and does not belong into the repository'
            continue
        if not path.endswith(('.h', '.cc', '.proto', '.py', '.sh', '.ts', '.js', '.json', '.md', '.txt', '.cmake', '.yaml')):
            continue
        text = read(root, path)
        if path.endswith(('.h', '.cc')):
            yield from check_includes(path, text)
        yield from check_names(path, text)
        yield from check_text(path, text)
    yield from check_cycles(root, files)
    yield from check_reasons(root, files)
    yield from check_told_reasons(root, files)
    yield from check_docs(root, files)
    yield from check_packages(root, files)


def long_files(root):
    for path in tracked_files(root):
        if path.endswith(('.h', '.cc', '.py', '.js', '.ts')):
            lines = read(root, path).count('\n')
            if lines > LONG_FILE:
                yield f'{path}: {lines} lines: one subject?'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--root', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
    root = parser.parse_args().root
    for line in long_files(root):
        print('note: ' + line)
    found = list(violations(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
