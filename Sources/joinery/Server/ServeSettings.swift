private import Foundation
private import Messages
private import Yams

/// What `joinery serve` is told, from a file, the environment and the command line: a later one of
/// these wins, setting by setting, and limits one by one. All three use the names of the options.
///
/// The lower two become options in front of those of the command line, so that there is one place
/// that knows what each means, and one set of messages when it is wrong.
struct ServeSettings {
  /// The complete arguments of the program.
  let arguments: [String]
  /// What was set otherwise than on the command line, in order.
  let settings: [Setting]

  /// One setting and where it comes from.
  struct Setting {
    let name: String
    var values: [String]
    /// As people would look for it: `shop.yaml, line 3`, `JOINERY_SERVE_LISTEN`.
    let origin: String
  }

  enum Kind { case value, list, flag }

  static let environmentPrefix = "JOINERY_SERVE_"

  /// Every option of `joinery serve`.
  static let kinds: [String: Kind] = [
    "listen": .list, "limit": .list, "cleartext": .flag, "trust-callers": .flag,
    "database": .value, "grace": .value, "admin": .value,
    "tls-certificate": .value, "tls-key": .value, "tls-client-ca": .value,
    "keepalive": .value, "max-connection-age": .value, "max-connection-idle": .value,
    "second-factor": .value, "unusual-login": .value, "secrets-key": .value, "rate": .list,
    "backup-folder": .value, "backup-every": .value, "backup-keep": .value,
    "backup-key-file": .value, "audit-key": .value,
    "smtp": .value, "smtp-security": .value, "smtp-ca": .value, "smtp-user": .value,
    "smtp-password": .value, "mail-from": .value,
    "webhook-key": .list, "webhook-allow": .list, "webhook-ca": .value,
    "log-level": .value, "log-format": .value, "slow-call": .value,
  ]

  /// `given` are the program's arguments without its name. Those of other commands are left as they
  /// are. Throws `Failure`.
  init(_ given: [String], environment: [String: String]) throws {
    guard let start = Self.options(of: given) else {
      self.init(arguments: given, settings: [])
      return
    }
    let options = given[start...].prefix { $0 != "--" }
    var layers: [[Setting]] = []
    let file =
      try Self.value(of: "--config", in: options)
      ?? environment[Self.environmentPrefix + "CONFIG"]
    if let file { layers.append(try Self.read(file)) }
    layers.append(try Self.read(environment))
    let onLine = Set(options.compactMap { Self.name($0) })
    let kept = layers.indices.flatMap { index in
      let later = Set(layers[(index + 1)...].joined().map(\.name)).union(onLine)
      return layers[index].filter { $0.name == "limit" || !later.contains($0.name) }
    }
    self.init(
      arguments: given[..<start] + kept.flatMap(Self.options(for:)) + given[start...],
      settings: kept)
  }

  private init(arguments: [String], settings: [Setting]) {
    self.arguments = arguments
    self.settings = settings
  }

  /// Lines that say where the options that `message` is about come from.
  func notes(on message: String) -> [String] {
    settings.filter { message.contains("--\($0.name)") }.map {
      "note: --\($0.name) is set by \($0.origin)"
    }
  }

  // MARK: The command line

  /// Where the options begin of a command that takes those of `serve`; nil for another one.
  private static func options(of arguments: [String]) -> Int? {
    if arguments.first == "serve" { return 1 }
    return arguments.starts(with: ["config", "check"]) ? 2 : nil
  }

  /// `listen` of `--listen` and `--listen=…`.
  private static func name(_ argument: String) -> String? {
    guard argument.hasPrefix("--") else { return nil }
    return String(argument.dropFirst(2).prefix { $0 != "=" })
  }

  private static func value(of option: String, in arguments: ArraySlice<String>) throws -> String? {
    for (index, argument) in zip(arguments.indices, arguments) {
      if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
      guard argument == option else { continue }
      guard index + 1 < arguments.endIndex else { throw Failure("\(option) needs a file") }
      return arguments[index + 1]
    }
    return nil
  }

  private static func options(for setting: Setting) -> [String] {
    if kinds[setting.name] == .flag {
      return setting.values == ["true"] ? ["--\(setting.name)"] : []
    }
    return setting.values.map { "--\(setting.name)=\($0)" }
  }

  // MARK: The environment

  private static func read(_ environment: [String: String]) throws -> [Setting] {
    try environment.sorted { $0.key < $1.key }.compactMap { variable, text in
      guard variable.hasPrefix(environmentPrefix) else { return nil }
      let name = variable.dropFirst(environmentPrefix.count).lowercased()
        .replacing("_", with: "-")
      if name == "config" { return nil }
      let kind = try kind(of: name, variable)
      let values = kind == .list ? text.split(separator: ",").map(String.init) : [text]
      return Setting(name: name, values: try check(values, kind, variable), origin: variable)
    }
  }

  // MARK: The file

  private static func read(_ path: String) throws -> [Setting] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    guard data.count <= 1 << 20 else { throw Failure("\(path) is larger than 1 MiB") }
    let root: Node?
    do { root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
      throw Failure("\(path): \(error)")
    }
    // An empty file sets nothing.
    guard let root else { return [] }
    guard let mapping = root.mapping else {
      throw Failure("\(path): expected settings such as `database: shop.db`")
    }
    return try mapping.map { key, value in
      let origin = "\(path), line \(key.mark?.line ?? 1)"
      let name = key.string ?? ""
      let kind = try kind(of: name, origin)
      let values = try check(try texts(value, of: name, origin), kind, origin)
      return Setting(name: name, values: values, origin: origin)
    }
  }

  /// A scalar as it is written, a sequence of them, and for limits names with values.
  private static func texts(_ node: Node, of name: String, _ origin: String) throws -> [String] {
    switch node {
    case .scalar(let scalar) where !scalar.string.isEmpty: return [scalar.string]
    case .sequence(let nodes): return try nodes.flatMap { try texts($0, of: name, origin) }
    case .mapping(let pairs) where name == "limit":
      return try pairs.flatMap { key, value in
        try texts(value, of: "", origin).map { "\(key.string ?? "")=\($0)" }
      }
    default: throw Failure("\(origin): \(name) has no value that it could have")
    }
  }

  // MARK: Checks

  private static func kind(of name: String, _ origin: String) throws -> Kind {
    if let kind = kinds[name] { return kind }
    let hint = NearestName.among(kinds.keys, to: name).map { "; did you mean \($0)?" } ?? ""
    throw Failure("\(origin): there is no setting \(name)\(hint)")
  }

  private static func check(_ values: [String], _ kind: Kind, _ origin: String) throws -> [String] {
    switch kind {
    case .list: return values
    case .value:
      guard values.count == 1 else { throw Failure("\(origin): expected one value") }
      return values
    case .flag:
      guard values == ["true"] || values == ["false"] else {
        throw Failure("\(origin): expected true or false")
      }
      return values
    }
  }
}
