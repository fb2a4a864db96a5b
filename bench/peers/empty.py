"""Services that do nothing: what a call costs on a gRPC library when nobody does anything for it."""
import os
import shutil

from bench.measure.process import ROOT, PortPrinter, Refused, run

GOCODE = '/usr/share/gocode'  # Where Debian's packages of Go libraries are.
CALL = '/duikou.bench.v1.Empty/Call'


def empty_cpp(bench):
    return bench.keep('empty_cpp', lambda: PortPrinter([bench.binaries / 'empty_grpc_server']))


def empty_go(bench):
    return bench.keep('empty_go', lambda: PortPrinter([build_go(bench)]))


def build_go(bench):
    """Builds the grpc-go service with Debian's packages alone; Go's own cache makes it quick the next time."""
    for program in ('go', 'protoc-gen-go'):
        if shutil.which(program) is None:
            raise Refused(f'{program} is missing: install the packages golang-go, golang-google-grpc-dev and golang-goprotobuf-dev')
    path = bench.built / 'go'
    package = path / 'src' / 'duikou_bench'
    (package / 'empty').mkdir(parents=True, exist_ok=True)
    run(['protoc', f'--proto_path={ROOT / "bench" / "empty"}', f'--go_out=plugins=grpc,import_path=empty:{package / "empty"}', 'empty.proto'],
        'protoc-gen-go')
    shutil.copy(ROOT / 'bench' / 'empty_go' / 'main.go', package)
    binary = bench.built / 'empty_go_server'
    run(['go', 'build', '-o', binary, 'duikou_bench'], 'go build',
        env={**os.environ, 'GO111MODULE': 'off', 'GOFLAGS': '', 'GOPATH': f'{path}:{GOCODE}', 'GOCACHE': str(bench.built / 'go-cache')})
    return binary
