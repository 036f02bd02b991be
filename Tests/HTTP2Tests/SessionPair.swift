import NIOCore

@testable import HTTP2

/// A client and a server session joined in memory, with everything that they report written down.
final class SessionPair {
  let server = Recorder()
  let client = Recorder()
  let serverSession: Session
  let clientSession: Session
  /// What `receive` of the server said last.
  private(set) var serverIsAlive = true

  init(limits: ConnectionLimits = ConnectionLimits()) {
    serverSession = Session(.server, limits: limits, delegate: server)
    clientSession = Session(.client, limits: ConnectionLimits(), delegate: client)
    pump()
  }

  /// Carries bytes both ways until there are none.
  func pump() {
    while true {
      let up = clientSession.drain(limit: 1 << 20)
      if up.readableBytes > 0 { serverIsAlive = up.withUnsafeReadableBytes(serverSession.receive) }
      let down = serverSession.drain(limit: 1 << 20)
      if down.readableBytes > 0 { _ = down.withUnsafeReadableBytes(clientSession.receive) }
      if up.readableBytes + down.readableBytes == 0 { return }
    }
  }

  /// Hands bytes to the server that no client of ours would send.
  func inject(_ bytes: [UInt8]) { serverIsAlive = bytes.withUnsafeBytes(serverSession.receive) }

  /// What the server wants to send, as frames.
  func serverFrames() -> [Frame] {
    var frames: [Frame] = []
    while true {
      let bytes = serverSession.drain(limit: 1 << 20)
      guard bytes.readableBytes > 0 else { return frames }
      frames += Frame.parse(Array(bytes.readableBytesView))
    }
  }

  func request(_ path: String = "/a", consumer: RecordingConsumer) -> Stream? {
    var fields = HeaderFields()
    fields.add(":method", "POST".utf8)
    fields.add(":scheme", "http".utf8)
    fields.add(":path", path.utf8)
    fields.add(":authority", "x".utf8)
    return clientSession.submitRequest(fields, consumer: consumer)
  }
}

/// Writes down what a session reports about its connection.
final class Recorder: SessionDelegate {
  var accepted: [RecordingConsumer] = []
  var streams: [Stream] = []
  var goAways: [ErrorCode] = []
  var spoke = 0
  var acknowledged = 0
  var pings = 0

  func accept(_ stream: Stream) -> any StreamConsumer {
    let consumer = RecordingConsumer()
    accepted.append(consumer)
    streams.append(stream)
    return consumer
  }
  func peerSpoke() { spoke += 1 }
  func settingsAcknowledged() { acknowledged += 1 }
  func pingAcknowledged(_ ping: Session.Ping) { pings += 1 }
  func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String) { goAways.append(code) }
  func streamClosed() {}
  func outputPending() {}
  var uptimeNanoseconds: UInt64 { 0 }
}

/// Writes down what happens on one stream.
final class RecordingConsumer: StreamConsumer {
  var blocks: [[String]] = []
  var isTruncated = false
  var body: [UInt8] = []
  var ends = 0
  var drains = 0
  var closures: [StreamClosure] = []

  func received(headers: HeaderBlock, endStream: Bool) {
    isTruncated = headers.isTruncated
    blocks.append(
      (0..<headers.count).map {
        String(decoding: headers.name($0), as: UTF8.self) + "="
          + String(decoding: headers.value($0), as: UTF8.self)
      })
    if endStream { ends += 1 }
  }
  func received(data: UnsafeRawBufferPointer) { body += data }
  func receivedEnd() { ends += 1 }
  func drained() { drains += 1 }
  func closed(_ reason: StreamClosure) { closures.append(reason) }
}
