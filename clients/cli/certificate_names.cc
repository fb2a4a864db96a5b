#include "clients/cli/certificate_names.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace duikou::cli {
namespace {

// A name to compare by: of an address its bytes, as it is printed in another form than it was typed.
std::string Comparable(const std::string& name) {
  absl::string_view text = name;
  if (!absl::ConsumePrefix(&text, "IP:")) return name;
  const std::string address(text);
  in6_addr bytes{};
  for (const auto& [family, size] : {std::pair{AF_INET, sizeof(in_addr)}, std::pair{AF_INET6, sizeof(in6_addr)}}) {
    if (inet_pton(family, address.c_str(), &bytes) == 1)
      return absl::StrCat("IP:", absl::string_view(reinterpret_cast<const char*>(&bytes), size));
  }
  return name;
}

}  // namespace

bool IsName(absl::string_view text) {
  return !text.empty() && absl::ascii_islower(text[0]) &&
         absl::c_all_of(text, [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; });
}

bool IsSystem(absl::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         absl::c_all_of(text, [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; });
}

bool IsHost(absl::string_view text) {
  return !text.empty() &&
         absl::c_all_of(text, [](char c) { return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == ':'; });
}

std::string HostName(const std::string& host) {
  const bool address =
      absl::StrContains(host, ':') || absl::c_all_of(host, [](char c) { return absl::ascii_isdigit(c) || c == '.'; });
  return absl::StrCat(address ? "IP:" : "DNS:", host);
}

bool HasName(const crypto::CertificateFacts& facts, const std::string& name) {
  return absl::c_any_of(facts.names,
                        [wanted = Comparable(name)](const std::string& has) { return Comparable(has) == wanted; });
}

}  // namespace duikou::cli
