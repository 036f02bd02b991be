#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <grpcpp/impl/client_unary_call.h>

#include "grpc/testing/test.grpc.pb.h"
#include "peer.h"

namespace {

using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;
using namespace grpc::testing;

struct Server {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<TestService::Stub> stub;
};

const std::vector<int> request_sizes = {27182, 8, 1828, 45904};
const std::vector<int> response_sizes = {31415, 9, 2653, 58979};
const std::string initial_key = "x-grpc-test-echo-initial";
const std::string initial_value = "test_initial_metadata_value";
const std::string trailing_key = "x-grpc-test-echo-trailing-bin";
const std::string trailing_value = "\xab\xab\xab";

template <class A, class B>
void demand(const A& value, const B& wanted, const char* what) {
  if (value == wanted) return;
  std::ostringstream text;
  text << what << ": " << value << " instead of " << wanted;
  throw std::runtime_error(text.str());
}

void demand(const Status& status, StatusCode code) {
  if (status.error_code() == code) return;
  throw std::runtime_error("status " + std::to_string(status.error_code()) + " “" + status.error_message() +
                           "” instead of " + std::to_string(code));
}

Payload payload(int size) {
  Payload payload;
  payload.set_body(std::string(size, '\0'));
  return payload;
}

SimpleRequest large_request() {
  SimpleRequest request;
  request.set_response_size(314159);
  *request.mutable_payload() = payload(271828);
  return request;
}

StreamingOutputCallRequest duplex_request(int request_size, int response_size) {
  StreamingOutputCallRequest request;
  *request.mutable_payload() = payload(request_size);
  if (response_size >= 0) request.add_response_parameters()->set_size(response_size);
  return request;
}

void empty_unary(Server& server) {
  ClientContext context;
  Empty request, response;
  demand(server.stub->EmptyCall(&context, request, &response), StatusCode::OK);
  demand(response.ByteSizeLong(), 0u, "bytes of the response");
}

void large_unary(Server& server) {
  ClientContext context;
  SimpleResponse response;
  demand(server.stub->UnaryCall(&context, large_request(), &response), StatusCode::OK);
  demand(response.payload().body() == std::string(314159, '\0'), true, "payload");
}

void client_compressed_unary(Server& server) {
  auto request = large_request();
  request.mutable_expect_compressed()->set_value(true);
  SimpleResponse response;
  {
    ClientContext context;
    demand(server.stub->UnaryCall(&context, request, &response), StatusCode::INVALID_ARGUMENT);
  }
  for (bool compressed : {true, false}) {
    ClientContext context;
    context.set_compression_algorithm(compressed ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_NONE);
    request.mutable_expect_compressed()->set_value(compressed);
    demand(server.stub->UnaryCall(&context, request, &response), StatusCode::OK);
    demand(response.payload().body().size(), 314159u, "size");
  }
}

void server_compressed_unary(Server& server) {
  for (bool compressed : {true, false}) {
    ClientContext context;
    auto request = large_request();
    request.mutable_response_compressed()->set_value(compressed);
    SimpleResponse response;
    demand(server.stub->UnaryCall(&context, request, &response), StatusCode::OK);
    demand(was_compressed(context.c_call()), compressed, "compression");
    demand(response.payload().body().size(), 314159u, "size");
  }
}

void client_streaming(Server& server) {
  ClientContext context;
  StreamingInputCallResponse response;
  auto writer = server.stub->StreamingInputCall(&context, &response);
  for (int size : request_sizes) {
    StreamingInputCallRequest request;
    *request.mutable_payload() = payload(size);
    demand(writer->Write(request), true, "write");
  }
  writer->WritesDone();
  demand(writer->Finish(), StatusCode::OK);
  demand(response.aggregated_payload_size(), 74922, "sum");
}

void client_compressed_streaming(Server& server) {
  StreamingInputCallResponse response;
  StreamingInputCallRequest request;
  request.mutable_expect_compressed()->set_value(true);
  *request.mutable_payload() = payload(27182);
  {
    ClientContext context;
    auto writer = server.stub->StreamingInputCall(&context, &response);
    writer->Write(request);
    writer->WritesDone();
    demand(writer->Finish(), StatusCode::INVALID_ARGUMENT);
  }
  ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  auto writer = server.stub->StreamingInputCall(&context, &response);
  demand(writer->Write(request), true, "write");
  request.mutable_expect_compressed()->set_value(false);
  *request.mutable_payload() = payload(45904);
  demand(writer->Write(request, grpc::WriteOptions().set_no_compression()), true, "write");
  writer->WritesDone();
  demand(writer->Finish(), StatusCode::OK);
  demand(response.aggregated_payload_size(), 73086, "sum");
}

void server_streaming(Server& server) {
  ClientContext context;
  StreamingOutputCallRequest request;
  for (int size : response_sizes) request.add_response_parameters()->set_size(size);
  auto reader = server.stub->StreamingOutputCall(&context, request);
  StreamingOutputCallResponse response;
  for (int size : response_sizes) {
    demand(reader->Read(&response), true, "read");
    demand(response.payload().body().size(), static_cast<size_t>(size), "size");
  }
  demand(reader->Read(&response), false, "another response");
  demand(reader->Finish(), StatusCode::OK);
}

void server_compressed_streaming(Server& server) {
  ClientContext context;
  StreamingOutputCallRequest request;
  const std::vector<std::pair<int, bool>> wanted = {{31415, true}, {92653, false}};
  for (auto [size, compressed] : wanted) {
    auto* parameters = request.add_response_parameters();
    parameters->set_size(size);
    parameters->mutable_compressed()->set_value(compressed);
  }
  auto reader = server.stub->StreamingOutputCall(&context, request);
  StreamingOutputCallResponse response;
  for (auto [size, compressed] : wanted) {
    demand(reader->Read(&response), true, "read");
    demand(response.payload().body().size(), static_cast<size_t>(size), "size");
    demand(was_compressed(context.c_call()), compressed, "compression");
  }
  demand(reader->Read(&response), false, "another response");
  demand(reader->Finish(), StatusCode::OK);
}

void ping_pong(Server& server) {
  ClientContext context;
  auto stream = server.stub->FullDuplexCall(&context);
  StreamingOutputCallResponse response;
  for (size_t index = 0; index < request_sizes.size(); ++index) {
    demand(stream->Write(duplex_request(request_sizes[index], response_sizes[index])), true, "write");
    demand(stream->Read(&response), true, "read");
    demand(response.payload().body().size(), static_cast<size_t>(response_sizes[index]), "size");
  }
  stream->WritesDone();
  demand(stream->Read(&response), false, "another response");
  demand(stream->Finish(), StatusCode::OK);
}

void empty_stream(Server& server) {
  ClientContext context;
  auto stream = server.stub->FullDuplexCall(&context);
  stream->WritesDone();
  StreamingOutputCallResponse response;
  demand(stream->Read(&response), false, "a response");
  demand(stream->Finish(), StatusCode::OK);
}

void check_metadata(const ClientContext& context) {
  auto find = [](const auto& metadata, const std::string& key) {
    auto found = metadata.find(key);
    return found == metadata.end() ? std::string() : std::string(found->second.data(), found->second.size());
  };
  demand(find(context.GetServerInitialMetadata(), initial_key), initial_value, "initial metadata");
  demand(find(context.GetServerTrailingMetadata(), trailing_key), trailing_value, "trailing metadata");
}

void custom_metadata(Server& server) {
  {
    ClientContext context;
    context.AddMetadata(initial_key, initial_value);
    context.AddMetadata(trailing_key, trailing_value);
    SimpleResponse response;
    demand(server.stub->UnaryCall(&context, large_request(), &response), StatusCode::OK);
    check_metadata(context);
  }
  ClientContext context;
  context.AddMetadata(initial_key, initial_value);
  context.AddMetadata(trailing_key, trailing_value);
  auto stream = server.stub->FullDuplexCall(&context);
  demand(stream->Write(duplex_request(271828, 314159)), true, "write");
  stream->WritesDone();
  StreamingOutputCallResponse response;
  demand(stream->Read(&response), true, "read");
  demand(stream->Read(&response), false, "another response");
  demand(stream->Finish(), StatusCode::OK);
  check_metadata(context);
}

void status_message(Server& server, const std::string& message) {
  EchoStatus wanted;
  wanted.set_code(2);
  wanted.set_message(message);
  {
    ClientContext context;
    SimpleRequest request;
    *request.mutable_response_status() = wanted;
    SimpleResponse response;
    auto status = server.stub->UnaryCall(&context, request, &response);
    demand(status, StatusCode::UNKNOWN);
    demand(status.error_message(), message, "message");
  }
  ClientContext context;
  auto stream = server.stub->FullDuplexCall(&context);
  StreamingOutputCallRequest request;
  *request.mutable_response_status() = wanted;
  stream->Write(request);
  stream->WritesDone();
  StreamingOutputCallResponse response;
  demand(stream->Read(&response), false, "a response");
  auto status = stream->Finish();
  demand(status, StatusCode::UNKNOWN);
  demand(status.error_message(), message, "message");
}

void unimplemented(Server& server, const char* path) {
  ClientContext context;
  Empty request, response;
  grpc::internal::RpcMethod method(path, grpc::internal::RpcMethod::NORMAL_RPC);
  demand(grpc::internal::BlockingUnaryCall(server.channel.get(), method, &context, request, &response),
         StatusCode::UNIMPLEMENTED);
}

void cancel_after_begin(Server& server) {
  ClientContext context;
  StreamingInputCallResponse response;
  auto writer = server.stub->StreamingInputCall(&context, &response);
  context.TryCancel();
  demand(writer->Finish(), StatusCode::CANCELLED);
}

void cancel_after_first_response(Server& server) {
  ClientContext context;
  auto stream = server.stub->FullDuplexCall(&context);
  demand(stream->Write(duplex_request(27182, 31415)), true, "write");
  StreamingOutputCallResponse response;
  demand(stream->Read(&response), true, "read");
  context.TryCancel();
  demand(stream->Finish(), StatusCode::CANCELLED);
}

void timeout_on_sleeping_server(Server& server) {
  ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
  auto stream = server.stub->FullDuplexCall(&context);
  stream->Write(duplex_request(27182, -1));
  demand(stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
}

const std::vector<std::pair<std::string, std::function<void(Server&)>>> cases = {
    {"empty_unary", empty_unary},
    {"large_unary", large_unary},
    {"client_compressed_unary", client_compressed_unary},
    {"server_compressed_unary", server_compressed_unary},
    {"custom_metadata", custom_metadata},
    {"client_streaming", client_streaming},
    {"client_compressed_streaming", client_compressed_streaming},
    {"server_streaming", server_streaming},
    {"server_compressed_streaming", server_compressed_streaming},
    {"ping_pong", ping_pong},
    {"empty_stream", empty_stream},
    {"status_code_and_message", [](Server& server) { status_message(server, "test status message"); }},
    {"special_status_message",
     [](Server& server) {
       status_message(server, "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n");
     }},
    {"unimplemented_method",
     [](Server& server) { unimplemented(server, "/grpc.testing.TestService/UnimplementedCall"); }},
    {"unimplemented_service",
     [](Server& server) { unimplemented(server, "/grpc.testing.UnimplementedService/UnimplementedCall"); }},
    {"cancel_after_begin", cancel_after_begin},
    {"cancel_after_first_response", cancel_after_first_response},
    {"timeout_on_sleeping_server", timeout_on_sleeping_server},
};

std::shared_ptr<grpc::ChannelCredentials> credentials(const std::string& authority_file) {
  if (authority_file.empty()) return grpc::InsecureChannelCredentials();
  std::ifstream file(authority_file);
  std::stringstream text;
  text << file.rdbuf();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = text.str();
  return grpc::SslCredentials(options);
}

}  // namespace

int check(const std::string& address, const std::string& authority_file, std::vector<std::string> names) {
  Server server;
  server.channel = grpc::CreateChannel(address, credentials(authority_file));
  server.stub = TestService::NewStub(server.channel);
  if (names.empty())
    for (const auto& [name, run] : cases) names.push_back(name);
  int failed = 0;
  for (const auto& name : names) {
    try {
      bool is_known = false;
      for (const auto& [known, run] : cases) {
        if (known != name) continue;
        is_known = true;
        run(server);
      }
      if (!is_known) throw std::runtime_error("there is no such case");
      std::printf("ok %s\n", name.c_str());
    } catch (const std::exception& error) {
      ++failed;
      std::printf("FAILED %s: %s\n", name.c_str(), error.what());
    }
  }
  std::printf("%zu passed, %d failed\n", names.size() - failed, failed);
  return failed;
}
