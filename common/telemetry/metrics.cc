#include "common/telemetry/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <map>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "common/telemetry/log.h"

namespace duikou::telemetry {
namespace {

constexpr double kMicrosecondsPerSecond = 1e6;

std::vector<prometheus::ClientMetric::Label> ToPrometheus(const Labels& labels) {
  std::vector<prometheus::ClientMetric::Label> out;
  out.reserve(labels.size());
  for (const auto& [name, value] : labels) out.push_back({name, value});
  return out;
}

}  // namespace

class Metrics::Exporter : public prometheus::Collectable {
 public:
  MethodMetrics* ForMethod(std::string_view service, std::string_view method) {
    std::lock_guard lock(mutex_);
    auto& slot = methods_[{std::string(service), std::string(method)}];
    if (slot == nullptr) slot = std::make_unique<MethodMetrics>();
    return slot.get();
  }

  void Register(std::string name, std::string help, prometheus::MetricType type, Labels labels,
                std::function<double()> read) {
    std::lock_guard lock(mutex_);
    Family& family = families_[std::move(name)];
    family.help = std::move(help);
    family.type = type;
    family.series[std::move(labels)].read = std::move(read);
  }

  telemetry::Counter* OwnCounter(std::string name, std::string help, Labels labels) {
    std::lock_guard lock(mutex_);
    Family& family = families_[std::move(name)];
    family.help = std::move(help);
    family.type = prometheus::MetricType::Counter;
    Series& series = family.series[std::move(labels)];
    if (series.counter == nullptr) {
      series.counter = std::make_unique<telemetry::Counter>();
      series.read = [counter = series.counter.get()] { return static_cast<double>(counter->value()); };
    }
    return series.counter.get();
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::lock_guard lock(mutex_);
    std::vector<prometheus::MetricFamily> out = {CollectCalls(), CollectLatency()};
    for (const auto& [name, family] : families_) {
      prometheus::MetricFamily exported{name, family.help, family.type, {}};
      for (const auto& [labels, series] : family.series) {
        prometheus::ClientMetric metric;
        metric.label = ToPrometheus(labels);
        (family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = series.read();
        exported.metric.push_back(std::move(metric));
      }
      out.push_back(std::move(exported));
    }
    return out;
  }

 private:
  struct Series {
    std::function<double()> read;
    std::unique_ptr<telemetry::Counter> counter;
  };
  struct Family {
    std::string help;
    prometheus::MetricType type = prometheus::MetricType::Gauge;
    std::map<Labels, Series> series;
  };

  prometheus::MetricFamily CollectCalls() const {
    prometheus::MetricFamily out{
        "duikou_calls_total", "Calls answered, by status code.", prometheus::MetricType::Counter, {}};
    for (const auto& [names, method] : methods_) {
      for (size_t code = 0; code < MethodMetrics::kCodes; ++code) {
        int64_t count = method->calls(static_cast<int>(code));
        if (count == 0 && code != 0) continue;
        prometheus::ClientMetric metric;
        metric.label = ToPrometheus({{"service", names.first},
                                     {"method", names.second},
                                     {"code", std::string(StatusCodeName(static_cast<int>(code)))}});
        metric.counter.value = static_cast<double>(count);
        out.metric.push_back(std::move(metric));
      }
    }
    return out;
  }

  prometheus::MetricFamily CollectLatency() const {
    prometheus::MetricFamily out{
        "duikou_call_seconds", "Time from a call's arrival to its answer.", prometheus::MetricType::Histogram, {}};
    for (const auto& [names, method] : methods_) {
      prometheus::ClientMetric metric;
      metric.label = ToPrometheus({{"service", names.first}, {"method", names.second}});
      uint64_t total = 0;
      for (size_t i = 0; i <= MethodMetrics::kBoundsUs.size(); ++i) {
        total += static_cast<uint64_t>(method->buckets_[i].load(std::memory_order_relaxed));
        double bound = i < MethodMetrics::kBoundsUs.size()
                           ? static_cast<double>(MethodMetrics::kBoundsUs[i]) / kMicrosecondsPerSecond
                           : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({total, bound});
      }
      metric.histogram.sample_count = total;
      metric.histogram.sample_sum =
          static_cast<double>(method->latency_sum_us_.load(std::memory_order_relaxed)) / kMicrosecondsPerSecond;
      out.metric.push_back(std::move(metric));
    }
    return out;
  }

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<MethodMetrics>> methods_;
  std::map<std::string, Family> families_;
};

struct Metrics::Server {
  explicit Server(const std::string& address) : exposer(address, /*num_threads=*/2) {}
  prometheus::Exposer exposer;
};

Metrics::Metrics() : exporter_(std::make_shared<Exporter>()) {}
Metrics::~Metrics() = default;

MethodMetrics* Metrics::ForMethod(std::string_view service, std::string_view method) {
  return exporter_->ForMethod(service, method);
}

void Metrics::Gauge(std::string name, std::string help, Labels labels, std::function<double()> read) {
  exporter_->Register(std::move(name), std::move(help), prometheus::MetricType::Gauge, std::move(labels),
                      std::move(read));
}

void Metrics::CounterFrom(std::string name, std::string help, Labels labels, std::function<double()> read) {
  exporter_->Register(std::move(name), std::move(help), prometheus::MetricType::Counter, std::move(labels),
                      std::move(read));
}

telemetry::Counter* Metrics::Counter(std::string name, std::string help, Labels labels) {
  return exporter_->OwnCounter(std::move(name), std::move(help), std::move(labels));
}

absl::Status Metrics::Serve(const std::string& address) {
  if (server_ != nullptr) return absl::FailedPreconditionError("the metrics are served already");
  try {
    auto server = std::make_unique<Server>(address);
    server->exposer.RegisterCollectable(exporter_);
    server_ = std::move(server);
  } catch (const std::exception& e) {
    return absl::UnavailableError(absl::StrCat("cannot serve metrics on ", address, " (", e.what(),
                                               "): the address must be host:port and the port free"));
  }
  return absl::OkStatus();
}

int Metrics::port() const {
  if (server_ == nullptr) return 0;
  std::vector<int> ports = server_->exposer.GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().prometheus::Serializer::Serialize(exporter_->Collect());
}

}  // namespace duikou::telemetry
