import Testing
import Values

@testable import Orders

@Suite("Line of a return")
struct ReturnLineTests {
  private func line(cost: Int64, received: Int64) -> ReturnLine {
    let zero = Money.zero(.cny)
    var line = ReturnLine(
      number: 1, sku: "LAMP", description: "", unit: "pcs", reasonCode: "DEFECT",
      responsible: .workshop, rule: 1, fee: .zero,
      requested: Quantity(micros: received * 1_000_000),
      cost: Money(minor: cost, currency: .cny), scrapped: zero, writtenDown: zero,
      writtenDownHere: zero, goneCost: zero)
    line.received = line.requested
    return line
  }

  private let one = Quantity(micros: 1_000_000)

  @Test("what is written down to nothing and then as new takes no cent of what is beside it")
  func cents() throws {
    var line = line(cost: 100, received: 3)
    #expect(try line.grade(one, asNew: true).minor == 33)
    let (cost, loss) = try line.gradeForRepair(one, writeDown: .one)
    #expect(cost.minor == 34 && loss.minor == 34)
    #expect(try line.grade(one, asNew: true).minor == 33)
    #expect(try line.grade(one, asNew: true).minor == 0)
    #expect(line.goneCost == line.cost && line.writtenDownHere.minor == 0)
  }

  @Test(
    "whatever is graded in whatever order: what leaves and what is lost is what came",
    arguments: [0, 300_000, 333_333, 999_999, 1_000_000] as [Int64])
  func sums(writeDown: Int64) throws {
    for seed in 1...200 as ClosedRange<UInt64> {
      var state = seed &* 0x9E37_79B9_7F4A_7C15
      func pick(_ count: Int64) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64((state >> 33) % UInt64(count))
      }
      let received = 1 + pick(7)
      var line = line(cost: pick(500), received: received)
      var out: Int64 = 0
      while line.gone < line.received {
        if line.ungraded.isPositive, pick(3) == 0 {
          out += try line.gradeForRepair(one, writeDown: Rate(micros: writeDown)).loss.minor
        } else {
          let asNew = pick(2) == 0
          out += try line.grade(one, asNew: asNew).minor
        }
      }
      #expect(out == line.cost.minor, "seed \(seed)")
      #expect(line.writtenDownHere.minor == 0 && line.scrapped.minor <= line.cost.minor)
    }
  }
}

@Suite("Units that a customer keeps")
struct KeptUnitsTests {
  private func day(_ number: Int) -> Day { Day(daysSinceEpoch: Int32(number)) }

  private func units(_ batches: [(Int, Int64)]) -> KeptUnits {
    KeptUnits(
      delivered: batches.map {
        KeptUnits.Batch(day: day($0.0), address: nil, quantity: Quantity(micros: $0.1))
      })
  }

  @Test("what came back is the oldest that its rule let come, and delivered by then")
  func take() {
    // Both were in their days: the older one is gone, the newer keeps its own.
    var both = units([(0, 1), (5, 1)])
    both.take(Quantity(micros: 1), on: day(6), within: 7)
    #expect(both.batches == units([(5, 1)]).batches)
    // Only the newer was.
    var late = units([(0, 1), (40, 1)])
    late.take(Quantity(micros: 1), on: day(41), within: 7)
    #expect(late.batches == units([(0, 1)]).batches)
    // The other had not come yet.
    var early = units([(0, 1), (40, 1)])
    early.take(Quantity(micros: 1), on: day(3), within: nil)
    #expect(early.batches == units([(40, 1)]).batches)
    // More than there was in time is taken anyway.
    var all = units([(0, 1), (40, 2)])
    all.take(Quantity(micros: 3), on: day(41), within: 7)
    #expect(all.batches.isEmpty && all.quantity == .zero)
  }

  @Test("the newest are told by the day of the oldest of them")
  func newest() {
    let units = units([(9, 2), (3, 1)])
    #expect(units.day(ofNewest: Quantity(micros: 2)) == day(9))
    #expect(units.day(ofNewest: Quantity(micros: 3)) == day(3))
    #expect(units.day(ofNewest: Quantity(micros: 4)) == nil)
  }
}
