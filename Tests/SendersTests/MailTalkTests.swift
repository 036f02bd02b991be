import NIOCore
import NIOEmbedded
import Testing

@testable import Senders

@Suite("The conversation with a mail server")
struct MailTalkTests {
  private struct NotBelieved: Error {}

  @Test("a connection that ended says why, also to who was about to write")
  func cause() async throws {
    let channel = NIOAsyncTestingChannel()
    let wrapped = try await channel.testingEventLoop.executeInContext {
      try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
    }
    try await channel.connect(to: SocketAddress(unixDomainSocketPath: "mail"))
    try await wrapped.executeThenClose { inbound, outbound in
      channel.pipeline.fireErrorCaught(NotBelieved())
      try await channel.close()
      var talk = MailTalk(replies: inbound.makeAsyncIterator(), outbound: outbound)
      do {
        _ = try await talk.say("EHLO shop.example")
        Issue.record("there is nobody to say it to")
      } catch {
        #expect(error is NotBelieved)
      }
    }
  }
}
