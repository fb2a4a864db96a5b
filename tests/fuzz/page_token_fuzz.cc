// Any bytes as a page token, and as the values that one carries.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/store/page_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (const auto values = duikou::store::DecodeValues(input)) {
    // What can be read can be written and read again, to the same values.
    const auto again = duikou::store::DecodeValues(duikou::store::EncodeValues(*values));
    if (!again || *again != *values) __builtin_trap();
  }
  static const duikou::store::TokenSigner signer("the secret of a store, 32 bytes.");
  const auto read = signer.Read(input, "question", "page_token", "PAGE_TOKEN_INVALID");
  if (read.ok()) __builtin_trap();  // Nobody signed it.
  if (duikou::ReasonOf(read.status()) != "PAGE_TOKEN_INVALID") __builtin_trap();
  // What the signer makes it reads, for that question alone.
  const std::vector<duikou::store::Value> place{std::string(input), static_cast<int64_t>(size), std::monostate()};
  const std::string token = signer.Make(input, place);
  const auto same = signer.Read(token, input, "page_token", "PAGE_TOKEN_INVALID");
  if (!same.ok() || *same != place) __builtin_trap();
  if (signer.Read(token, std::string(input) + "x", "page_token", "PAGE_TOKEN_INVALID").ok()) __builtin_trap();
  return 0;
}
