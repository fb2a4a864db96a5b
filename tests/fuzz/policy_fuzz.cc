// Any bytes must give a preview whose spans lie in the text, in order, and whose duties are named.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "services/taskregistry/policy/policy_importer.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto preview = duikou::policy::ParsePolicy(text);
  Require(!preview.has_refusal() || preview.tasks().empty());
  for (const auto& task : preview.tasks()) {
    Require(task.span().begin() <= task.span().end() && task.span().end() <= size);
    Require(!task.duties().empty() && !task.clause().empty());
    for (const auto& duty : task.duties()) {
      Require(!duty.unit().empty() && duty.kind() != 0);
      Require(duty.span().begin() < duty.span().end() && duty.span().end() <= size);
    }
  }
  for (const auto& span : preview.not_understood()) Require(span.begin() <= span.end() && span.end() <= size);
  // Every string field must be UTF-8, or the preview could not be sent.
  Require(preview.SerializeAsString().size() == preview.ByteSizeLong());
  return 0;
}
