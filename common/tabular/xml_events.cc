#include "common/tabular/xml_events.h"

#include <expat.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::tabular {
namespace {

constexpr int kMaxDepth = 64;
constexpr char kSeparator = '\n';  // Between namespace and name; stands in neither.

std::string_view LocalName(std::string_view name) {
  const size_t separator = name.rfind(kSeparator);
  return separator == std::string_view::npos ? name : name.substr(separator + 1);
}

struct State {
  XML_Parser parser;
  XmlEvents& events;
  absl::Status status;
  int depth = 0;
  bool refused = false;

  void Stop(absl::Status why) {
    if (status.ok()) status = std::move(why);
    XML_StopParser(parser, XML_FALSE);
  }
  void Refuse() {
    refused = true;
    XML_StopParser(parser, XML_FALSE);
  }
};

void XMLCALL OnStart(void* user, const XML_Char* name, const XML_Char** attributes) {
  State& state = *static_cast<State*>(user);
  if (++state.depth > kMaxDepth) return state.Refuse();
  if (absl::Status status = state.events.Start(LocalName(name), XmlAttributes(attributes)); !status.ok())
    state.Stop(std::move(status));
}

void XMLCALL OnEnd(void* user, const XML_Char* name) {
  State& state = *static_cast<State*>(user);
  --state.depth;
  // Expat still ends an empty element after it was stopped.
  if (!state.status.ok() || state.refused) return;
  if (absl::Status status = state.events.End(LocalName(name)); !status.ok()) state.Stop(std::move(status));
}

void XMLCALL OnText(void* user, const XML_Char* text, int length) {
  static_cast<State*>(user)->events.Characters({text, static_cast<size_t>(length)});
}

void XMLCALL OnDoctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  static_cast<State*>(user)->Refuse();
}

}  // namespace

std::string_view XmlAttributes::Get(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (LocalName(pair[0]) == name) return pair[1];
  }
  return {};
}

absl::Status ParseXml(std::string_view xml, const std::string& part, XmlEvents& events) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreateNS("UTF-8", kSeparator),
                                                                            XML_ParserFree);
  State state{.parser = parser.get(), .events = events};
  XML_SetUserData(parser.get(), &state);
  XML_SetElementHandler(parser.get(), OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser.get(), OnText);
  XML_SetStartDoctypeDeclHandler(parser.get(), OnDoctype);
  const XML_Status parsed = XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
  if (!state.status.ok()) return state.status;
  if (parsed == XML_STATUS_OK && !state.refused) return absl::OkStatus();
  return MakeError(absl::StatusCode::kInvalidArgument,
                   {.reason = "XML_BROKEN",
                    .text = {absl::StrCat("文件中的 ", part, " 无法读取,请在办公软件中打开后另存一份再试。"),
                             absl::StrCat("Its part ", part,
                                          " cannot be read: open the file in the office program and save it again.")}});
}

}  // namespace duikou::tabular
