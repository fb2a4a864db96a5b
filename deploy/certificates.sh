#!/usr/bin/env bash
# Makes what mutual TLS between the services needs, once: a certificate authority of this installation and, for each
# name given, a key and a certificate with the identity spiffe://duikou/services/NAME in its URI SAN.
# A second run keeps what is still valid for 30 days and renews the rest. Keys never leave DIR; every file is 0600.
set -euo pipefail
umask 077

usage() {
  cat <<'EOT'
Usage: deploy/certificates.sh DIR NAME...

Writes DIR/ca.{crt,key} and DIR/NAME.{crt,key} for each NAME. The server names in the certificates are NAME,
localhost, 127.0.0.1 and ::1; DUIKOU_EXTRA_HOSTS="host1 host2" adds more.

Example: deploy/certificates.sh .run/certs directory taskregistry personnel consultation techtransfer setup
EOT
}

if [[ $# -lt 2 || ${1:-} == --help ]]; then
  usage
  [[ ${1:-} == --help ]] && exit 0 || exit 2
fi

dir=$1
shift
month=$((30 * 24 * 3600))
mkdir -p "$dir"

still_valid() { [[ -s $1 ]] && openssl x509 -in "$1" -noout -checkend "$month" >/dev/null 2>&1; }

if ! still_valid "$dir/ca.crt" || [[ ! -s $dir/ca.key ]]; then
  openssl ecparam -name prime256v1 -genkey -noout -out "$dir/ca.key"
  openssl req -x509 -new -key "$dir/ca.key" -sha256 -days 3650 -out "$dir/ca.crt" -subj "/O=Duikou/CN=Duikou local CA" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
  # Certificates of an earlier authority are worth nothing now.
  for name in "$@"; do rm -f "$dir/$name.crt"; done
fi

for name in "$@"; do
  [[ $name =~ ^[a-z][a-z0-9-]*$ ]] || { echo "certificates: bad name '$name': use a-z, 0-9 and '-'" >&2; exit 2; }
  if still_valid "$dir/$name.crt" && [[ -s $dir/$name.key ]]; then continue; fi
  hosts="DNS:$name,DNS:localhost,IP:127.0.0.1,IP:::1"
  for host in ${DUIKOU_EXTRA_HOSTS:-}; do hosts+=",DNS:$host"; done
  openssl ecparam -name prime256v1 -genkey -noout -out "$dir/$name.key"
  openssl req -new -key "$dir/$name.key" -subj "/O=Duikou/CN=$name" -out "$dir/$name.csr"
  openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
    -days 825 -sha256 -out "$dir/$name.crt" -extfile <(
      echo "basicConstraints=critical,CA:FALSE"
      echo "keyUsage=critical,digitalSignature"
      echo "extendedKeyUsage=serverAuth,clientAuth"
      echo "subjectAltName=URI:spiffe://duikou/services/$name,$hosts"
    ) 2>/dev/null
  rm -f "$dir/$name.csr"
done
chmod 600 "$dir"/*
