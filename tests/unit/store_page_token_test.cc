#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/digest.h"
#include "common/store/page_token.h"
#include "tests/unit/status_matchers.h"

namespace duikou::store {
namespace {

using duikou::testing::Fails;
using duikou::testing::IsOk;

constexpr auto kBad = absl::StatusCode::kInvalidArgument;
constexpr char kQuestion[] = "cursor/210800";

const std::vector<Value>& Place() {
  static const auto* place = new std::vector<Value>{Value(int64_t{1234567}), Value(std::string(40, 'n')), Value()};
  return *place;
}

absl::StatusOr<std::vector<Value>> Read(const TokenSigner& tokens, const std::string& token,
                                        const std::string& question = kQuestion) {
  return tokens.Read(token, question, "cursor", "CURSOR_INVALID");
}

TEST(PageToken, ComesBackAsItWas) {
  const TokenSigner tokens("secret");
  const auto read = Read(tokens, tokens.Make(kQuestion, Place()));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, Place());
}

TEST(PageToken, TellsNothing) {
  const TokenSigner tokens("secret");
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(tokens.Make(kQuestion, Place()), &bytes));
  EXPECT_EQ(bytes.find("1234567"), std::string::npos);
  EXPECT_EQ(bytes.find("nnnn"), std::string::npos);
}

TEST(PageToken, IsOfOneQuestionAndOneStore) {
  const TokenSigner tokens("secret"), others("other secret");
  const std::string token = tokens.Make(kQuestion, Place());
  EXPECT_THAT(Read(tokens, token, "cursor/320700"), Fails(kBad, "CURSOR_INVALID"));
  EXPECT_THAT(Read(others, token), Fails(kBad, "CURSOR_INVALID"));
  for (size_t i = 0; i + 1 < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(Read(tokens, changed), Fails(kBad, "CURSOR_INVALID")) << i;
  }
  for (const char* token_like : {"", "A", "not base64 !"})
    EXPECT_THAT(Read(tokens, token_like), Fails(kBad, "CURSOR_INVALID")) << token_like;
}

TEST(PageToken, FromBeforeTheyWereMaskedIsRead) {
  const TokenSigner tokens("secret");
  const std::string body = EncodeValues(Place());
  const std::string signature =
      crypto::HmacSha256("secret", absl::StrCat(std::string(kQuestion).size(), ":", kQuestion, body)).substr(0, 16);
  const auto read = Read(tokens, absl::WebSafeBase64Escape(signature + body));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, Place());
}

}  // namespace
}  // namespace duikou::store
