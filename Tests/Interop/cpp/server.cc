#include <csignal>
#include <cstdio>
#include <optional>
#include <thread>

#include "bench/v1/echo.grpc.pb.h"
#include "grpc/testing/test.grpc.pb.h"
#include "peer.h"

namespace {

using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;
using namespace grpc::testing;

// The server side of the cases, as doc/interop-test-descriptions.md of grpc/grpc has them.
class CasesService final : public TestService::Service {
  using Duplex = grpc::ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>;

  Status EmptyCall(ServerContext* context, const Empty*, Empty*) override {
    echo_metadata(context);
    return Status::OK;
  }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    echo_metadata(context);
    if (request->has_expect_compressed() && request->expect_compressed().value() != was_compressed(context->c_call()))
      return Status(StatusCode::INVALID_ARGUMENT, "the request is otherwise compressed");
    if (request->response_status().code() != 0) return status(request->response_status());
    if (request->has_response_compressed())
      context->set_compression_algorithm(request->response_compressed().value() ? GRPC_COMPRESS_GZIP
                                                                                : GRPC_COMPRESS_NONE);
    response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
    if (request->fill_server_id()) response->set_server_id("grpc-cpp");
    return Status::OK;
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request,
                             grpc::ServerWriter<StreamingOutputCallResponse>* writer) override {
    echo_metadata(context);
    return answer(context, *request, writer).value_or(Status::OK);
  }

  Status StreamingInputCall(ServerContext* context, grpc::ServerReader<StreamingInputCallRequest>* reader,
                            StreamingInputCallResponse* response) override {
    echo_metadata(context);
    StreamingInputCallRequest request;
    size_t sum = 0;
    while (reader->Read(&request)) {
      if (request.has_expect_compressed() && request.expect_compressed().value() != was_compressed(context->c_call()))
        return Status(StatusCode::INVALID_ARGUMENT, "a request is otherwise compressed");
      sum += request.payload().body().size();
    }
    response->set_aggregated_payload_size(static_cast<int32_t>(sum));
    return Status::OK;
  }

  Status FullDuplexCall(ServerContext* context, Duplex* stream) override {
    echo_metadata(context);
    StreamingOutputCallRequest request;
    while (stream->Read(&request))
      if (auto end = answer(context, request, stream)) return *end;
    return Status::OK;
  }

  Status HalfDuplexCall(ServerContext* context, Duplex* stream) override {
    echo_metadata(context);
    std::vector<StreamingOutputCallRequest> requests;
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) requests.push_back(request);
    for (const auto& one : requests)
      if (auto end = answer(context, one, stream)) return *end;
    return Status::OK;
  }

  static void echo_metadata(ServerContext* context) {
    const auto& metadata = context->client_metadata();
    auto initial = metadata.find("x-grpc-test-echo-initial");
    if (initial != metadata.end())
      context->AddInitialMetadata("x-grpc-test-echo-initial", {initial->second.data(), initial->second.size()});
    auto trailing = metadata.find("x-grpc-test-echo-trailing-bin");
    if (trailing != metadata.end())
      context->AddTrailingMetadata("x-grpc-test-echo-trailing-bin", {trailing->second.data(), trailing->second.size()});
  }

  static Status status(const EchoStatus& wanted) {
    return Status(static_cast<StatusCode>(wanted.code()), wanted.message());
  }

  // Writes what is asked for; a status when that ends the call.
  template <class Writer>
  static std::optional<Status> answer(ServerContext* context, const StreamingOutputCallRequest& request,
                                      Writer* writer) {
    if (request.response_status().code() != 0) return status(request.response_status());
    for (const auto& wanted : request.response_parameters())
      if (wanted.compressed().value()) context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    for (const auto& wanted : request.response_parameters()) {
      if (wanted.interval_us() > 0) std::this_thread::sleep_for(std::chrono::microseconds(wanted.interval_us()));
      StreamingOutputCallResponse response;
      response.mutable_payload()->set_body(std::string(wanted.size(), '\0'));
      grpc::WriteOptions options;
      if (!wanted.compressed().value()) options.set_no_compression();
      if (!writer->Write(response, options)) return Status(StatusCode::CANCELLED, "nobody listens");
    }
    return std::nullopt;
  }
};

// What `make bench-rpc` measures.
class EchoService final : public bench::v1::EchoService::CallbackService {
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const joinery::type::v1::Violation* request,
                                 joinery::type::v1::Violation* response) override {
    *response = *request;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(Status::OK);
    return reactor;
  }

  class Repeater final : public grpc::ServerWriteReactor<joinery::type::v1::Fact> {
   public:
    explicit Repeater(const joinery::type::v1::Fact& message)
        : message_(message), left_(std::strtol(message.value().c_str(), nullptr, 10)) {
      next();
    }

   private:
    void OnWriteDone(bool ok) override {
      if (ok) next(); else Finish(Status(StatusCode::CANCELLED, "nobody listens"));
    }
    void OnDone() override { delete this; }
    void next() {
      if (left_-- > 0) StartWrite(&message_); else Finish(Status::OK);
    }
    joinery::type::v1::Fact message_;
    long left_;
  };

  grpc::ServerWriteReactor<joinery::type::v1::Fact>* Repeat(grpc::CallbackServerContext*,
                                                            const joinery::type::v1::Fact* request) override {
    return new Repeater(*request);
  }
};

// Serves until SIGTERM, which must be blocked before any thread is made.
int run(grpc::Service& service, const std::string& address) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::fprintf(stderr, "cannot listen on %s\n", address.c_str());
    return 1;
  }
  std::printf("listening %s:%d\n", address.substr(0, address.rfind(':')).c_str(), port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(5));
  return 0;
}

}  // namespace

int serve(const std::string& address) {
  CasesService service;
  return run(service, address);
}

int serve_echo(const std::string& address) {
  EchoService service;
  return run(service, address);
}
