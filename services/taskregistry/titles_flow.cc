#include "services/taskregistry/titles_flow.h"

namespace duikou::taskregistry {

std::string TitleOf(rpc::Context& context, const std::string& name) {
  if (name.empty()) return "";
  const auto found = context.Find("directory", {name});
  if (found.ok() && (*found)[0] && !(*found)[0]->title.empty()) return (*found)[0]->title;
  return name.substr(name.rfind('/') + 1);
}

}  // namespace duikou::taskregistry
