import DefinitionText
import TerminalUI

/// Where things stand in a definition's text.
struct DefinitionLocation: Sendable {
    private let offsets: [[DefinitionPlace.Step]: Int]
    private let lineStarts: [Int]

    init(_ text: String, _ format: DefinitionText.Format = .json) {
        offsets = DefinitionScan(text, format, at: .max).offsets
        var starts = [0]
        for (index, character) in text.enumerated() where character.isNewline { starts.append(index + 1) }
        lineStarts = starts
    }

    /// A finding's own place, or that of the nearest thing around it.
    func place(of finding: DefinitionFinding) -> TextPosition? {
        guard let location = finding.location else { return nil }
        if location.hasPrefix("/") {
            var path = Self.path(location)
            while !path.isEmpty {
                if let offset = offsets[path] { return position(offset) }
                path.removeLast()
            }
            return nil
        }
        return place(ofState: location)
    }

    func place(ofState name: String) -> TextPosition? {
        offsets.filter { $0.key.count >= 2 && $0.key.last == .key(name) && $0.key[$0.key.count - 2] == .key("States") }
            .map(\.value).min().map(position)
    }

    private func position(_ offset: Int) -> TextPosition {
        let line = (lineStarts.firstIndex { $0 > offset } ?? lineStarts.count) - 1
        return TextPosition(line: line, column: offset - lineStarts[line])
    }

    /// `/States/A/Retry[0]/ErrorEquals` as steps.
    static func path(_ location: String) -> [DefinitionPlace.Step] {
        location.split(separator: "/").flatMap { part -> [DefinitionPlace.Step] in
            guard let bracket = part.lastIndex(of: "["), part.last == "]",
                let index = Int(part[part.index(after: bracket)...].dropLast())
            else { return Int(part).map { [.item($0)] } ?? [.key(String(part))] }
            return [.key(String(part[..<bracket])), .item(index)]
        }
    }

    /// The state whose text a place lies in, its name included: the innermost one.
    static func state(
        at cursor: TextPosition, in text: String, _ format: DefinitionText.Format = .json
    ) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let offset = lines.prefix(cursor.line).reduce(0) { $0 + $1.count + 1 } + cursor.column
        var place = DefinitionScan(text, format, at: offset).place
        if place.kind == .key, place.path.last == .key("States") {
            // On a name, or just before it.
            if place.typed == nil { place = DefinitionScan(text, format, at: offset + 1).place }
            if place.path.last == .key("States"), let name = place.whole { return name }
        }
        let path = place.path
        for index in path.indices.reversed().dropLast() where path[index - 1] == .key("States") {
            if let name = path[index].key { return name }
        }
        return nil
    }
}
