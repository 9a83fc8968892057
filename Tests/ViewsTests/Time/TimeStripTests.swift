import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct TimeStripTests {
    private func strip(_ seconds: [Int]) -> TimeStrip {
        let now = WorldFixture.start
        return TimeStrip(
            UpcomingEvent.list(
                seconds.map { Skua.UpcomingEvent(at: now + .seconds($0), kind: "Wait", resourceArn: "") }, now: now))
    }

    @Test func nearThingsAreWideApart() {
        let strip = strip([0, 1, 10, 86_400])
        let columns = [0.0, 1, 10, 60, 3600, 86_400].map { strip.column($0, width: 80) }
        #expect(columns == columns.sorted())
        #expect(columns.first == 0 && columns.last == 79)
        #expect(columns[2] - columns[1] > 8, "seconds can be told apart beside a day")
    }

    @Test func marksCountWhatFallsTogether() {
        let text = strip([0, 86_400, 86_400, 86_400]).marks(width: 40, selected: nil).text
        #expect(text.hasPrefix("●─") && text.hasSuffix("─3"))
        #expect(strip([Int](repeating: 5, count: 12)).marks(width: 40, selected: nil).text.contains("+"))
        #expect(strip([]).marks(width: 10, selected: nil).text == String(repeating: "─", count: 10))
    }

    @Test func theSelectedOneIsLit() {
        let line = strip([0, 60]).marks(width: 30, selected: 1)
        #expect(line.spans.last?.style.background == .selection)
        #expect(line.spans.first?.style.background != .selection)
    }

    @Test func staysWithinItsWidth() {
        for width in [1, 5, 20, 76, 200] {
            let strip = strip([0, 30, 4000, 90_000, 40_000_000])
            #expect(strip.marks(width: width, selected: 4).columns == width)
            #expect(strip.axis(width: width).columns <= width)
        }
        #expect(strip([0, 90_000]).axis(width: 76).text.contains("1 d"))
    }
}
