#ifndef DUIKOU_COMMON_BASE_STATUS_MACROS_H_
#define DUIKOU_COMMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// RETURN_IF_ERROR(expression): returns the expression's status from the enclosing function unless it is OK.
#define RETURN_IF_ERROR(expression)                           \
  do {                                                        \
    if (absl::Status status_ = (expression); !status_.ok()) { \
      return status_;                                         \
    }                                                         \
  } while (false)

#define DUIKOU_CONCAT_INNER_(a, b) a##b
#define DUIKOU_CONCAT_(a, b) DUIKOU_CONCAT_INNER_(a, b)
#define DUIKOU_ASSIGN_OR_RETURN_(holder, target, expression) \
  auto holder = (expression);                                \
  if (!holder.ok()) return std::move(holder).status();       \
  target = *std::move(holder)

// ASSIGN_OR_RETURN(Type name, expression): unwraps a StatusOr, or returns its status from the enclosing function.
#define ASSIGN_OR_RETURN(target, ...) \
  DUIKOU_ASSIGN_OR_RETURN_(DUIKOU_CONCAT_(status_or_, __LINE__), target, (__VA_ARGS__))

#endif  // DUIKOU_COMMON_BASE_STATUS_MACROS_H_
