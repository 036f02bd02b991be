import CMessages
public import RPC

/// What the .proto files say, at run time: for server reflection, `joinery describe` and JSON.
public final class DescriptorPool: Sendable {
  /// All files of this server's API and those that they import, each after its imports.
  public let files: [FileDescription]

  private let filesByName: [String: Int]
  private let filesBySymbol: [String: Int]
  private let messages: [String: MessageDescription]
  private let enums: [String: EnumDescription]
  private let methods: [String: MethodDescription]

  /// The descriptors of the API that this library was generated from.
  public static let joinery: DescriptorPool = {
    var size = 0
    let start = joinery_descriptor_set(&size)
    do {
      return try DescriptorPool(
        fileDescriptorSet: [UInt8](UnsafeBufferPointer(start: start, count: size)))
    } catch {
      preconditionFailure("the embedded descriptors are damaged: \(error)")
    }
  }()

  /// Parses a serialised google.protobuf.FileDescriptorSet.
  public convenience init(fileDescriptorSet bytes: [UInt8]) throws(WireError) {
    var reader = WireReader(bytes[...])
    var files: [FileDescription] = []
    while let (number, value) = try reader.next() {
      if number == 1 { files.append(try DescriptorParser.file(value.slice)) }
    }
    self.init(files)
  }

  /// Of files, each of which `FileDescription(fileDescriptor:)` has read.
  public init(_ files: [FileDescription]) {
    self.files = files
    var filesByName: [String: Int] = [:]
    var filesBySymbol: [String: Int] = [:]
    var messages: [String: MessageDescription] = [:]
    var enums: [String: EnumDescription] = [:]
    var methods: [String: MethodDescription] = [:]
    for (index, file) in files.enumerated() {
      filesByName[file.name] = index
      for message in file.messages { messages[message.fullName] = message }
      for enumeration in file.enums { enums[enumeration.fullName] = enumeration }
      for method in file.services.flatMap(\.methods) { methods[method.fullName] = method }
      for symbol in file.symbols { filesBySymbol[symbol] = index }
    }
    self.filesByName = filesByName
    self.filesBySymbol = filesBySymbol
    self.messages = messages
    self.enums = enums
    self.methods = methods
  }

  /// The file of that name, "joinery/orders/v1/order.proto".
  public func file(named name: String) -> FileDescription? { filesByName[name].map { files[$0] } }

  /// The file that declares a service, method, message, field, oneof, enum, enum value or
  /// extension.
  public func file(declaring symbol: String) -> FileDescription? {
    filesBySymbol[symbol].map { files[$0] }
  }

  /// By full name, "joinery.orders.v1.Order".
  public func message(_ fullName: String) -> MessageDescription? { messages[fullName] }

  /// As people write it: by full name, or, where only one message ends so, "orders.v1.Order" and
  /// "Order".
  public func message(named name: String) -> MessageDescription? {
    messages[name] ?? only(messages.values, name, \.fullName)
  }

  /// By full name, "joinery.orders.v1.Channel".
  public func enumeration(_ fullName: String) -> EnumDescription? { enums[fullName] }

  /// Everything that a reader must hold to be told some field of some message.
  public var readPermissions: Set<String> {
    Set(messages.values.flatMap(\.fields).map(\.readPermission)).subtracting([""])
  }

  public var services: [ServiceDescription] { files.flatMap(\.services) }

  /// As people write it: by full name, or, where only one service ends so, "OrderService".
  public func service(named name: String) -> ServiceDescription? {
    services.first { $0.fullName == name } ?? only(services, name, \.fullName)
  }

  /// The one whose name ends in `.name`; nil for none and for several.
  private func only<Described>(
    _ all: some Collection<Described>, _ name: String, _ fullName: (Described) -> String
  ) -> Described? {
    guard !name.isEmpty else { return nil }
    let matches = all.filter { fullName($0).hasSuffix("." + name) }
    return matches.count == 1 ? matches[0] : nil
  }

  /// By any of the forms in which methods are written: "joinery.orders.v1.OrderService/PlaceOrder"
  /// (with or without a leading slash), "joinery.orders.v1.OrderService.PlaceOrder", or, where only
  /// one service ends so, "OrderService.PlaceOrder", "OrderService/PlaceOrder" and "PlaceOrder".
  public func method(_ name: String) -> MethodDescription? {
    let dotted = String(
      (name.hasPrefix("/") ? name.dropFirst() : name[...]).map { $0 == "/" ? "." : $0 })
    return methods[dotted] ?? only(methods.values, dotted, \.fullName)
  }

  /// The full names of all methods, sorted.
  public var methodNames: [String] { methods.keys.sorted() }

  /// The method whose name is nearest to one that does not exist.
  public func nearestMethod(to name: String) -> String? {
    NearestName.among(
      methods.values.map(\.descriptor.name),
      to: String(name.split { $0 == "/" || $0 == "." }.last ?? "")
    )
    .flatMap { found in methods.values.filter { $0.descriptor.name == found }.map(\.fullName).min()
    }
  }
}
