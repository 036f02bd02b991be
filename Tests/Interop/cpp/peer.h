// gRPC C++ as one side of the interoperability tests.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <string>
#include <vector>

// Exported by libgrpc for its own interoperability tests, and in no header.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

// Whether the last message received on the call had come compressed.
inline bool was_compressed(grpc_call* call) {
  constexpr uint32_t flag = 0x40000000u;
  return grpc_call_test_only_get_message_flags(call) & flag;
}

// Serves grpc.testing.TestService until SIGTERM.
int serve(const std::string& address);
// Serves bench.v1.EchoService with the callback API until SIGTERM.
int serve_echo(const std::string& address);
// Runs cases (all without a name) against a server; the number that failed.
int check(const std::string& server, const std::string& authority_file, std::vector<std::string> names);
