private import Crypto
internal import Values

/// Where the next page of a list begins: the sort key of the last row, bound to the list and its
/// filters, so that a token of another question is refused instead of answering nonsense. It grants
/// nothing.
enum PageToken {
  /// The token after a row with these sort keys; `question` is everything but the page that shapes
  /// the list.
  static func make(_ keys: [String], question: [String]) -> String {
    Hex.text(digest(question)) + "." + Hex.text(Array(keys.joined(separator: "\u{1F}").utf8))
  }

  /// The sort keys in `token`; nil for the empty one. Throws `pageTokenForeign`.
  static func read(_ token: String, keys: Int, question: [String]) throws -> [String]? {
    guard !token.isEmpty else { return nil }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let bound = Hex.bytes(parts[0]), bound == digest(question),
      let bytes = Hex.bytes(parts[1]), let text = String(validating: bytes, as: UTF8.self)
    else { throw RequestRejection.pageTokenForeign }
    let found = text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    guard found.count == keys else { throw RequestRejection.pageTokenForeign }
    return found
  }

  private static func digest(_ question: [String]) -> [UInt8] {
    Array(SHA256.hash(data: Array(question.joined(separator: "\u{1F}").utf8)).prefix(6))
  }
}
