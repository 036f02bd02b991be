/// A time of the day as people write it: "09:30".
package enum ClockTime {
  /// `minute` counts from midnight; 1440 is "24:00", the end of the day.
  package static func text(_ minute: Int) -> String {
    let (hour, rest) = minute.quotientAndRemainder(dividingBy: 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
  }
}
