import Testing

@testable import TerminalUI

@Suite struct LineDiffTests {
    private func text(_ diff: LineDiff) -> [String] {
        diff.lines.map { ($0.kind == .added ? "+" : $0.kind == .removed ? "-" : " ") + $0.text }
    }

    @Test func findsTheShortestWay() {
        #expect(text(LineDiff("a\nb\nc", "a\nx\nc")) == [" a", "-b", "+x", " c"])
        #expect(text(LineDiff("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc")).count { $0.first != " " } == 5)
        #expect(LineDiff("a\nb", "a\nb").isEmpty)
        #expect(text(LineDiff("", "a")) == ["-", "+a"])
    }

    /// Whatever the texts: taking the removed lines gives the old one, the added ones the new one, numbers included.
    @Test func bothTextsCanBeReadFromIt() {
        var state: UInt64 = 88_172_645_463_325_252
        func next(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        for _ in 0..<300 {
            let old = (0..<next(30)).map { _ in "l\(next(6))" }
            let new = (0..<next(30)).map { _ in "l\(next(6))" }
            let diff = LineDiff(old.joined(separator: "\n"), new.joined(separator: "\n"))
            #expect(diff.lines.filter { $0.kind != .added }.map(\.text) == (old.isEmpty ? [""] : old))
            #expect(diff.lines.filter { $0.kind != .removed }.map(\.text) == (new.isEmpty ? [""] : new))
            #expect(diff.lines.compactMap(\.oldNumber) == Array(1...max(1, old.count)))
            #expect(diff.lines.compactMap(\.newNumber) == Array(1...max(1, new.count)))
        }
    }

    @Test func largeDifferencesAreShownAsReplaced() {
        let old = (0..<3000).map { "old \($0)" }.joined(separator: "\n")
        let new = (0..<3000).map { "new \($0)" }.joined(separator: "\n")
        let diff = LineDiff(old, new)
        #expect(diff.removed == 3000)
        #expect(diff.added == 3000)
    }
}
