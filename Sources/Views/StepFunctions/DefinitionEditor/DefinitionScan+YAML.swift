import TerminalUI

/// YAML read line by line, as far as it is written as people write definitions: blocks by indent, and what stands on one
/// line in brackets is passed over.
extension DefinitionScan {
    private struct Level {
        var indent: Int
        var step: DefinitionPlace.Step
        /// A name with nothing behind it: what it names follows on the next lines.
        var isOpen = false

        var isItem: Bool { step.key == nil }
    }

    mutating func readYAML(_ text: String, at offset: Int) {
        var reading = YAMLReading()
        var start = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let characters = Array(line)
            let column = offset >= start && offset <= start + characters.count ? offset - start : nil
            readLine(characters, start: start, cursor: column, &reading)
            start += characters.count + 1
        }
    }

    private struct YAMLReading {
        var levels: [Level] = []
        /// The indent of the name whose text follows in further lines.
        var blockIndent: Int?

        var path: [DefinitionPlace.Step] { levels.map(\.step) }

        /// Leaves all levels that do not reach a column.
        mutating func leave(to column: Int) {
            while let last = levels.last, last.indent >= column { levels.removeLast() }
        }

        mutating func beginItem(at column: Int) {
            while let last = levels.last,
                last.indent > column || (last.indent == column && !last.isItem && !last.isOpen)
            {
                levels.removeLast()
            }
            if let last = levels.last, last.indent == column, case .item(let index) = last.step {
                levels[levels.count - 1].step = .item(index + 1)
            } else {
                levels.append(Level(indent: column, step: .item(0)))
            }
        }
    }

    private mutating func readLine(
        _ characters: [Character], start: Int, cursor: Int?, _ reading: inout YAMLReading
    ) {
        let end = YAMLSyntax.commentStart(in: characters) ?? characters.count
        var column = characters.prefix { $0 == " " }.count
        if let indent = reading.blockIndent {
            // On an empty line the cursor tells whether the text goes on.
            if column >= characters.count ? (cursor ?? .max) > indent : column > indent {
                if cursor != nil { note(.value, reading.path) }
                return
            }
            reading.blockIndent = nil
        }
        guard column < end else {
            // An empty line: what could begin where the cursor is.
            if let cursor {
                reading.leave(to: cursor)
                note(.key, reading.path)
            }
            return
        }
        while column < end, characters[column] == "-", column + 1 >= end || characters[column + 1] == " " {
            reading.beginItem(at: column)
            column += 1
            while column < end, characters[column] == " " { column += 1 }
            offsets[reading.path] = start + column
        }
        if let colon = YAMLSyntax.colon(in: characters, from: column, to: end) {
            readMember(characters, column..<colon, end: end, start: start, cursor: cursor, &reading)
        } else {
            readWord(characters, column..<end, start: start, cursor: cursor, &reading)
        }
    }

    /// `name: value`, or `name:` alone.
    private mutating func readMember(
        _ characters: [Character], _ name: Range<Int>, end: Int, start: Int, cursor: Int?, _ reading: inout YAMLReading
    ) {
        reading.leave(to: name.lowerBound)
        let around = reading.path
        let key = Self.unquoted(characters[name])
        let isHere = cursor.map { $0 <= name.upperBound } ?? false
        if isHere, let cursor { note(.key, around, characters, name, cursor: cursor, hasColon: true) }
        // What is being typed is no key yet.
        if !isHere { keys[around, default: []].append(key) }
        var value = (name.upperBound + 1)..<max(end, name.upperBound + 1)
        while let first = value.first, first < characters.count, characters[first] == " " {
            value = (first + 1)..<value.upperBound
        }
        reading.levels.append(Level(indent: name.lowerBound, step: .key(key), isOpen: value.isEmpty))
        offsets[reading.path] = offsets[reading.path] ?? start + name.lowerBound
        if let cursor, !isHere { note(.value, reading.path, characters, value, cursor: cursor) }
        guard let first = value.first else { return }
        if "|>".contains(characters[first]) {
            reading.blockIndent = name.lowerBound
        } else if !"{[&*!".contains(characters[first]) {
            strings[reading.path] = Self.unquoted(characters[value])
        }
    }

    /// An element of a list, or a name that has no colon yet.
    private mutating func readWord(
        _ characters: [Character], _ word: Range<Int>, start: Int, cursor: Int?, _ reading: inout YAMLReading
    ) {
        let isElement = reading.levels.last.map { $0.isItem && $0.indent < word.lowerBound } ?? false
        if isElement {
            if !word.isEmpty { strings[reading.path] = Self.unquoted(characters[word]) }
        } else {
            reading.leave(to: word.lowerBound)
        }
        guard let cursor else { return }
        // Elements of these are words; of any other list they are objects, whose names come first.
        let owner = reading.path.last { $0.key != nil }?.key
        let isWord = isElement && ["ErrorEquals", "CSVHeaders"].contains(owner)
        note(isWord ? .value : .key, reading.path, characters, word, cursor: cursor)
    }

    private mutating func note(_ kind: DefinitionPlace.Kind, _ path: [DefinitionPlace.Step]) {
        place.kind = kind
        place.path = path
    }

    private mutating func note(
        _ kind: DefinitionPlace.Kind, _ path: [DefinitionPlace.Step], _ characters: [Character], _ word: Range<Int>,
        cursor: Int, hasColon: Bool = false
    ) {
        note(kind, path)
        var from = min(word.lowerBound, characters.count)
        if from < min(word.upperBound, characters.count), "\"'".contains(characters[from]) {
            place.quote = characters[from]
            from += 1
        }
        place.typed = String(characters[from..<max(from, min(cursor, characters.count))])
        place.whole = Self.unquoted(characters[word.clamped(to: 0..<characters.count)])
        place.isClosed = place.quote == nil || (word.count > 1 && characters[word.upperBound - 1] == place.quote)
        place.hasColon = hasColon
    }

    private static func unquoted(_ characters: ArraySlice<Character>) -> String {
        var characters = characters
        while characters.last == " " { characters.removeLast() }
        guard let first = characters.first, "\"'".contains(first) else { return String(characters) }
        characters.removeFirst()
        if characters.last == first { characters.removeLast() }
        return String(characters)
    }
}
