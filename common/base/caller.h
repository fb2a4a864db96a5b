#ifndef DUIKOU_COMMON_BASE_CALLER_H_
#define DUIKOU_COMMON_BASE_CALLER_H_

#include <cstdint>
#include <string>

namespace duikou {

enum class Locale { kZhCn, kEn };

// Who calls, as authenticated. Rules take it as it is.
struct Caller {
  enum class Kind { kAnonymous, kPerson, kService, kPartner };

  Kind kind = Kind::kAnonymous;
  std::string name;          // "cities/210800/accounts/wang", "services/taskregistry"; empty for anonymous.
  std::string city;          // "210800"; empty for anonymous and services.
  std::string unit;          // "cities/210800/units/gongxinju"
  uint32_t roles = 0;        // Bit n: duikou.type.v1.Role n.
  std::string session;       // Of a person: the session that the token belongs to.
  std::string on_behalf_of;  // The person that a partner system or a service acts for.
  Locale locale = Locale::kZhCn;

  bool Has(int role) const { return (roles >> role & 1U) != 0; }
  bool IsService() const { return kind == Kind::kService; }
};

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_CALLER_H_
