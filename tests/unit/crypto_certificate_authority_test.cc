#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/certificate_authority.h"
#include "common/crypto/openssl_owned.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/status_matchers.h"

namespace duikou::crypto {
namespace {

using ::duikou::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class CertificateAuthorityTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/duikou-ca-XXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string At(const std::string& name) const { return absl::StrCat(folder_, "/", name); }
  static CertificateAuthority::Validity Valid() {
    return {absl::FromUnixSeconds(1790000000), absl::FromUnixSeconds(1890000000)};
  }
  std::unique_ptr<CertificateAuthority> Make(const std::string& name) {
    auto made = CertificateAuthority::Make(At(name), "测试 " + name, Valid());
    EXPECT_THAT(made, IsOk());
    return *std::move(made);
  }

  std::string folder_;
};

TEST_F(CertificateAuthorityTest, IssuesWhatItWasAsked) {
  const auto authority = Make("ca");
  ASSERT_THAT(authority->Issue(
                  At("x"), {.common_name = "x", .names = {"URI:spiffe://duikou/services/x", "DNS:x", "IP:10.0.0.1"}},
                  {absl::FromUnixSeconds(1790000001), absl::FromUnixSeconds(1790000600)}),
              IsOk());
  const auto facts = ReadCertificate(At("x.crt"));
  ASSERT_THAT(facts, IsOk());
  EXPECT_EQ(facts->subject, "CN=x,O=Duikou");
  EXPECT_EQ(facts->issuer, ReadCertificate(At("ca.crt"))->subject);
  EXPECT_THAT(facts->issuer, MatchesRegex("CN=测试 ca [0-9a-f]{8},O=Duikou"));
  EXPECT_THAT(facts->names, ElementsAre("URI:spiffe://duikou/services/x", "DNS:x", "IP:10.0.0.1"));
  EXPECT_EQ(facts->not_before, absl::FromUnixSeconds(1790000001));
  EXPECT_EQ(facts->not_after, absl::FromUnixSeconds(1790000600));
  EXPECT_FALSE(facts->authority);
  EXPECT_TRUE(authority->Issued(At("x.crt")));
  EXPECT_FALSE(Make("other")->Issued(At("x.crt")));
  EXPECT_TRUE(ReadCertificate(At("ca.crt"))->authority);
  for (const char* name : {"x.key", "x.crt", "ca.key"}) {
    struct stat info {};
    ASSERT_EQ(stat(At(name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
}

// As while one authority takes the place of another.
TEST_F(CertificateAuthorityTest, TwoOfOneTitleAreBelievedSideBySide) {
  const std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>> believed(X509_STORE_new());
  const std::vector<std::string> titles = {"one", "two"};
  for (const std::string& base : titles) {
    const auto authority = CertificateAuthority::Make(At(base), "测试", Valid());
    ASSERT_THAT(authority, IsOk());
    ASSERT_THAT((*authority)->Issue(At("of_" + base), {.common_name = "x", .names = {"DNS:x"}}, Valid()), IsOk());
    ASSERT_EQ(X509_STORE_load_file(believed.get(), At(base + ".crt").c_str()), 1);
  }
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(believed.get()), absl::ToTimeT(Valid().not_before) + 60);
  for (const std::string& base : titles) {
    const std::unique_ptr<BIO, OpensslFree<BIO_free_all>> file(BIO_new_file(At("of_" + base + ".crt").c_str(), "r"));
    const OwnedCertificate certificate = NextCertificate(file.get());
    ASSERT_NE(certificate, nullptr);
    const std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>> check(X509_STORE_CTX_new());
    ASSERT_EQ(X509_STORE_CTX_init(check.get(), believed.get(), certificate.get(), nullptr), 1);
    EXPECT_EQ(X509_verify_cert(check.get()), 1) << base;
  }
}

TEST_F(CertificateAuthorityTest, OpensWhatItMade) {
  Make("ca");
  const auto opened = CertificateAuthority::Open(At("ca"));
  ASSERT_THAT(opened, IsOk());
  ASSERT_THAT((*opened)->Issue(At("x"), {.common_name = "x", .names = {"DNS:x"}}, Valid()), IsOk());
  EXPECT_EQ(CertificateAuthority::Open(At("none")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(ReadCertificate(At("none.crt")).status().message(), HasSubstr("none.crt"));
  Make("other");
  std::filesystem::copy_file(At("other.key"), At("ca.key"), std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(CertificateAuthority::Open(At("ca")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadCertificate(At("ca.key")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CertificateAuthorityTest, KeepsAListOfWhatItRevoked) {
  const auto authority = Make("ca");
  ASSERT_THAT(authority->Revoke(At("list"), "", Valid()), IsOk());
  EXPECT_THAT(ReadRevocations(At("list"))->serials, ElementsAre());
  std::vector<std::string> serials;
  for (const char* name : {"x", "y"}) {
    ASSERT_THAT(authority->Issue(At(name), {.common_name = name, .names = {"DNS:x"}}, Valid()), IsOk());
    ASSERT_THAT(authority->Revoke(At("list"), At(absl::StrCat(name, ".crt")), Valid()), IsOk());
    ASSERT_THAT(authority->Revoke(At("list"), At(absl::StrCat(name, ".crt")), Valid()), IsOk()) << "twice is once";
    serials.push_back(ReadCertificate(At(absl::StrCat(name, ".crt")))->serial);
  }
  const auto list = ReadRevocations(At("list"));
  ASSERT_THAT(list, IsOk());
  EXPECT_THAT(list->serials, ::testing::UnorderedElementsAreArray(serials));
  EXPECT_EQ(list->next_update, Valid().not_after);
  EXPECT_TRUE(authority->SignedList(At("list")));
  const auto other = Make("other");
  EXPECT_FALSE(other->SignedList(At("list")));
  EXPECT_EQ(other->Revoke(At("list"), At("x.crt"), Valid()).code(), absl::StatusCode::kInvalidArgument);
}

// An empty list in its place would let in again whom it revoked.
TEST_F(CertificateAuthorityTest, AListThatItCannotReadStays) {
  const auto authority = Make("ca");
  ASSERT_THAT(authority->Issue(At("x"), {.common_name = "x", .names = {"DNS:x"}}, Valid()), IsOk());
  const auto content = [&] {
    std::stringstream text;
    text << std::ifstream(At("list")).rdbuf();
    return text.str();
  };
  for (const char* broken : {"", "no list"}) {
    std::ofstream(At("list")) << broken;
    for (const std::string& certificate : {std::string(), At("x.crt")}) {
      const absl::Status status = authority->Revoke(At("list"), certificate, Valid());
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << broken;
      EXPECT_THAT(std::string(status.message()), HasSubstr(At("list")));
      EXPECT_EQ(content(), broken);
    }
  }
  std::filesystem::remove(At("list"));
  ASSERT_THAT(Make("other")->Revoke(At("list"), "", Valid()), IsOk());
  const std::string of_other = content();
  EXPECT_EQ(authority->Revoke(At("list"), At("x.crt"), Valid()).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(content(), of_other);
}

}  // namespace
}  // namespace duikou::crypto
