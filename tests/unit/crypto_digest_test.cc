// Digests, by the test vectors of their standards.
#include <string>
#include <thread>

#include "absl/strings/escaping.h"
#include "common/crypto/digest.h"
#include "gtest/gtest.h"

namespace duikou::crypto {
namespace {

TEST(DigestTest, Sha256) {
  // FIPS 180-4, as NIST prints it for "abc".
  EXPECT_EQ(absl::BytesToHexString(Sha256({"a", "", "bc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

void CheckHmac() {
  // RFC 4231, cases 1, 2 and 6; one after the other in a thread, as each keeps what the next begins with.
  EXPECT_EQ(absl::BytesToHexString(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(absl::BytesToHexString(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(absl::BytesToHexString(
                HmacSha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  // Without a key, as it follows from RFC 2104: one of zeros.
  EXPECT_EQ(HmacSha256("", "text"), HmacSha256(std::string(64, '\0'), "text"));
}

TEST(DigestTest, HmacSha256) {
  CheckHmac();
  CheckHmac();
  std::thread(CheckHmac).join();
}

}  // namespace
}  // namespace duikou::crypto
