#ifndef DUIKOU_COMMON_CRYPTO_OPENSSL_LIFETIME_H_
#define DUIKOU_COMMON_CRYPTO_OPENSSL_LIFETIME_H_

namespace duikou::crypto {

// Lets OpenSSL live as long as the process. By default it takes itself down when main returns, beneath gRPC's own
// threads, which may be in a handshake then and crash. To be called before anything uses OpenSSL.
void KeepOpenssl();

}  // namespace duikou::crypto

#endif  // DUIKOU_COMMON_CRYPTO_OPENSSL_LIFETIME_H_
