#include <cstdio>

#include "peer.h"

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() == 2 && words[0] == "serve") return serve(words[1]);
  if (words.size() == 2 && words[0] == "serve-echo") return serve_echo(words[1]);
  if (words.size() >= 2 && words[0] == "check") {
    size_t next = 1;
    std::string authority;
    if (words[next] == "--tls-ca" && words.size() >= 4) {
      authority = words[next + 1];
      next += 2;
    }
    std::string server = words[next++];
    return check(server, authority, {words.begin() + next, words.end()}) == 0 ? 0 : 1;
  }
  std::fprintf(stderr, "usage: grpc-cpp-peer serve|serve-echo HOST:PORT\n"
                       "       grpc-cpp-peer check [--tls-ca FILE] HOST:PORT [CASE...]\n");
  return 64;
}
