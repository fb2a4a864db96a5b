#ifndef DUIKOU_SERVICES_CONSULTATION_RECORDS_H_
#define DUIKOU_SERVICES_CONSULTATION_RECORDS_H_

#include <string>

#include "common/store/find_stored.h"
#include "duikou/consultation/v1/series.pb.h"

namespace duikou::consultation {

// A view of the same snapshot whoever asks: calendars count for a search without being shown.
class WholeView {
 public:
  explicit WholeView(const View& view)
      : view_({view.schema(), view.tables(), view.tokens(), view.connection()}, kSelf, view.now()) {}
  const View* operator->() const { return &view_; }
  const View& operator*() const { return view_; }

 private:
  inline static const Caller kSelf{.kind = Caller::Kind::kService, .name = "services/consultation"};
  const View view_;
};

// A reference to what is not there.
absl::Status UnknownReference(const std::string& field, const std::string& name);

// Of a city, "cities/210800", as it set them; defaults are the rules'.
absl::StatusOr<v1::ConsultationSettings> SettingsOf(const View& view, const std::string& city);
absl::Status OnCreateSettings(Txn& txn, const Caller& caller, v1::ConsultationSettings& settings);
absl::Status OnUpdateSettings(Txn& txn, const Caller& caller, const v1::ConsultationSettings& before,
                              v1::ConsultationSettings& after);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_RECORDS_H_
