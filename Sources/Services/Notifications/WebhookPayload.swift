internal import Messages
internal import Storage
internal import Values

/// What a program is sent of an event: its JSON as Watch would have it, less the facts that need a
/// permission, which a program does not have.
enum WebhookPayload {
  /// Nil where there is no such event.
  static func text(place: Int64, in snapshot: Snapshot) throws -> String? {
    guard var found = try EventTable.find(place: place, in: snapshot) else { return nil }
    let kept = found.event.factList.filter { FieldAccess.facts[$0.name] == nil }
    found.event.facts = Explanation([.init("", "", kept)]).storedText
    return try JSONMapping(printsDefaults: true).json(EventsV1.Event(found), pretty: false)
  }
}

extension EventPosition {
  /// "1234-0": names the event for ever, also to those outside.
  var eventID: String { "\(sequence)-\(ordinal)" }
}
