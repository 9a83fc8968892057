import DefinitionText
import TerminalUI

/// Where a place of a definition's text lies: the keys that lead there, and what is being typed. Made by a scan that
/// forgives whatever is missing, for a text is broken nearly always while it is typed.
struct DefinitionPlace: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case key(String)
        case item(Int)

        var key: String? { if case .key(let key) = self { key } else { nil } }
    }

    enum Kind: Hashable, Sendable {
        /// In the string of a key, or where one could begin.
        case key
        /// In the string of a value, or where one could begin.
        case value
    }

    /// From the outermost object to the one around the place; in a value, its own key or index comes last.
    var path: [Step] = []
    var kind = Kind.key
    /// Within a string that has begun: where it began, and what stands between there and the place.
    var typed: String?
    /// All of that string, what stands behind the place included.
    var whole: String?
    /// What follows directly: the string is closed, a colon comes.
    var isClosed = false
    var hasColon = false
    var format = DefinitionText.Format.json

    /// A completion with all that the format wants around it.
    /// - Parameter isPart: it stands within a longer text, which is closed by whoever ends it.
    func written(_ item: TextCompletion, isPart: Bool) -> TextCompletion {
        var item = item
        switch format {
        case .json:
            if typed == nil {
                item.text = "\"\(item.text)\""
            } else if !isClosed, !isPart, !item.goesOn {
                item.text += "\""
            }
        case .yaml:
            if quote == nil, !isPart {
                item.text = Self.isPlain(item.text) ? item.text : "\"\(item.text)\""
            } else if let quote, !isClosed, !isPart, !item.goesOn {
                item.text.append(quote)
            }
        }
        if kind == .key, !hasColon, format == .yaml || !isClosed { item.text += ": " }
        return item
    }

    /// Of a YAML text that has begun with one.
    var quote: Character?

    /// YAML: a word that begins like JSONata's `{%`, or that holds a colon or a comment, needs quotation marks.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.first, !"{}[]&*!|>%@`'\"#,?-: ".contains(first) else { return false }
        return !text.contains(": ") && !text.contains(" #") && text.last != ":"
    }
}

/// A definition's text as far as completion needs it: the keys of every object, and its short strings.
struct DefinitionScan: Sendable {
    var place = DefinitionPlace()
    /// Keys of each object by its path, in order.
    var keys: [[DefinitionPlace.Step]: [String]] = [:]
    /// String values by their path.
    var strings: [[DefinitionPlace.Step]: String] = [:]

    /// Where each key begins, by the path that ends with it; of an element, where its value begins.
    var offsets: [[DefinitionPlace.Step]: Int] = [:]

    private struct Level {
        var isObject: Bool
        var key: String?
        var index = 0
        var expectsKey = true
    }

    /// - Parameter offset: the place asked about, in characters from the start.
    init(_ text: String, _ format: DefinitionText.Format = .json, at offset: Int) {
        place.format = format
        switch format {
        case .json: readJSON(text, at: offset)
        case .yaml: readYAML(text, at: offset)
        }
    }

    private mutating func readJSON(_ text: String, at offset: Int) {
        let characters = Array(text)
        var levels: [Level] = []
        var index = 0
        var isFound = false
        func path() -> [DefinitionPlace.Step] {
            levels.compactMap { $0.isObject ? $0.key.map { .key($0) } : .item($0.index) }
        }
        func note(_ kind: DefinitionPlace.Kind) {
            isFound = true
            place.path = path()
            place.kind = kind
        }
        while index < characters.count {
            if index >= offset, !isFound {
                note(levels.last.map { $0.isObject && $0.expectsKey } ?? true ? .key : .value)
            }
            let character = characters[index]
            if let last = levels.last, !last.isObject, !character.isWhitespace, character != ",", character != "]" {
                let here = path()
                if offsets[here] == nil { offsets[here] = index }
            }
            switch character {
            case "{": levels.append(Level(isObject: true))
            case "[": levels.append(Level(isObject: false, expectsKey: false))
            case "}", "]":
                _ = levels.popLast()
            case ",":
                if let last = levels.indices.last {
                    levels[last].index += 1
                    levels[last].expectsKey = levels[last].isObject
                    if levels[last].isObject { levels[last].key = nil }
                }
            case ":": if let last = levels.indices.last { levels[last].expectsKey = false }
            case "\"":
                let start = index + 1
                var end = start
                // A string that is not closed ends with its line.
                while end < characters.count, characters[end] != "\"", !characters[end].isNewline {
                    end += characters[end] == "\\" ? 2 : 1
                }
                end = min(end, characters.count)
                let content = String(characters[min(start, end)..<end])
                let isKey = levels.last.map { $0.isObject && $0.expectsKey } ?? false
                let isClosed = end < characters.count && characters[end] == "\""
                if offset > index, offset <= end, !isFound {
                    note(isKey ? .key : .value)
                    place.typed = String(characters[start..<max(start, offset)])
                    place.whole = content
                    place.isClosed = isClosed
                    var after = end + 1
                    while after < characters.count, characters[after].isWhitespace { after += 1 }
                    place.hasColon = after < characters.count && characters[after] == ":"
                }
                if let last = levels.indices.last, isKey {
                    let around = path()
                    // What is being typed is no key yet.
                    let isHere = isFound && offset > index && offset <= end
                    if !isHere { keys[around, default: []].append(content) }
                    levels[last].key = content
                    offsets[path()] = offsets[path()] ?? index
                } else if content.count <= 200 {
                    strings[path()] = content
                }
                index = isClosed ? end : end - 1
            default: break
            }
            index += 1
        }
        if !isFound { note(levels.last.map { $0.isObject && $0.expectsKey } ?? true ? .key : .value) }
    }
}
