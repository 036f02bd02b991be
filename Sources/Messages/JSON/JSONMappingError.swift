/// Why JSON text is not the message it should be, or bytes are not.
public struct JSONMappingError: Error, Hashable, CustomStringConvertible {
  /// The field, "lines[0].quantity"; empty for the message as a whole.
  public let path: String
  /// What was expected and what was found instead, one sentence without a full stop.
  public let problem: String

  init(_ path: String, _ problem: String) {
    self.path = path
    self.problem = problem
  }

  public var description: String { path.isEmpty ? problem : "\(path): \(problem)" }
}
