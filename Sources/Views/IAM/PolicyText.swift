import AWSModel
import TerminalUI

/// A policy's statements as lines, the deciding ones marked.
enum PolicyText {
    /// The deciding statements come first: a long policy must not hide them.
    ///
    /// - Parameter deciding: places of statements, from 0.
    static func lines(_ text: String, deciding: Set<Int>) -> [StyledLine] {
        guard let document = try? JSONReader.parse(text), let statements = document["Statement"] else {
            return text.split(separator: "\n", omittingEmptySubsequences: false).map { StyledLine(String($0)) }
        }
        let list = statements.list ?? [statements]
        var lines: [StyledLine] = []
        let order = list.indices.filter(deciding.contains) + list.indices.filter { !deciding.contains($0) }
        for index in order {
            let statement = list[index]
            let isDeciding = deciding.contains(index)
            let isDenial = statement["Effect"]?.string == "Deny"
            let role: Role = isDeciding ? (isDenial ? .failure : .success) : .faint
            let sid = statement["Sid"]?.string.map { " \($0)" } ?? ""
            let word = isDenial ? "Deny" : "Allow"
            lines.append([
                Span(isDeciding ? "▌ " : "  ", role),
                Span("Statement \(index + 1)\(sid): \(word)", Style(isDeciding ? role : .dim, isDeciding ? .bold : [])),
                Span(isDeciding ? "  decides" : "", Style(role, .bold)),
            ])
            for line in JSONWriter.string(statement, pretty: true).split(separator: "\n") {
                lines.append([
                    Span(isDeciding ? "▌ " : "  ", role),
                    Span(String(line), Style(isDeciding ? .text : .faint)),
                ])
            }
        }
        return lines
    }

    /// Which statement stands between two places of a policy's text; nil where none does.
    static func statement(in text: String, from start: IAMPosition, to end: IAMPosition) -> Int? {
        guard let slice = slice(text, start, end), let found = try? JSONReader.parse(slice),
            let document = try? JSONReader.parse(text), let statements = document["Statement"]
        else { return nil }
        return (statements.list ?? [statements]).firstIndex { $0 == found }
    }

    private static func slice(_ text: String, _ start: IAMPosition, _ end: IAMPosition) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard start.line >= 1, end.line <= lines.count, start.line <= end.line else { return nil }
        var bytes: [UInt8] = []
        for line in start.line...end.line {
            let row = lines[line - 1]
            let from = line == start.line ? min(start.column - 1, row.count) : 0
            let to = line == end.line ? min(end.column - 1, row.count) : row.count
            guard from >= 0, from <= to else { return nil }
            bytes += row[from..<to]
            if line != end.line { bytes.append(UInt8(ascii: "\n")) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Line and column, both from 1, as the simulator tells them.
struct IAMPosition: Hashable, Sendable {
    var line: Int
    var column: Int
}
