#include "common/crypto/openssl_lifetime.h"

#include <openssl/crypto.h>

#include <cstdlib>

namespace duikou::crypto {

void KeepOpenssl() {
  if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr) != 1) std::abort();
}

}  // namespace duikou::crypto
