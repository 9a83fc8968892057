/// Turns the bytes of a terminal into events. Pure: the driver reads, this understands.
///
/// A lone ESC and the start of an escape sequence look the same; `isPending` says that waiting a moment would tell, and
/// `flush` that the moment has passed.
public struct InputParser: Sendable {
    private var pending: [UInt8] = []
    private var pasted: [UInt8]?
    /// Sequences of this terminal's own, from its description.
    private let known: [[UInt8]: Key]

    public init(known: [[UInt8]: Key] = [:]) {
        self.known = known
    }

    public var isPending: Bool { !pending.isEmpty && pasted == nil }

    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        pending.append(contentsOf: bytes)
        return drain(final: false)
    }

    /// What is pending is all there is: a lone ESC is the Esc key.
    public mutating func flush() -> [InputEvent] {
        drain(final: true)
    }

    private mutating func drain(final: Bool) -> [InputEvent] {
        var events: [InputEvent] = []
        while !pending.isEmpty {
            if pasted != nil {
                guard let event = continuePaste() else { break }
                events.append(event)
                continue
            }
            switch parse(final: final) {
            case .incomplete: return events
            case .consumed(let count, let event):
                pending.removeFirst(count)
                if let event { events.append(event) }
            case .paste(let count):
                pending.removeFirst(count)
                pasted = []
            }
        }
        return events
    }

    private static let pasteEnd: [UInt8] = Array("\u{1b}[201~".utf8)

    private mutating func continuePaste() -> InputEvent? {
        guard var text = pasted else { return nil }
        let end = Self.pasteEnd
        // The end mark may have arrived in two parts: look again from where it could have begun.
        var index = max(0, text.count - end.count + 1)
        text += pending
        pending.removeAll()
        while index + end.count <= text.count {
            if text[index] == 0x1b, text[index..<index + end.count].elementsEqual(end) {
                pending = Array(text[(index + end.count)...])
                pasted = nil
                return .paste(Self.withLineFeeds(String(decoding: text[..<index], as: UTF8.self)))
            }
            index += 1
        }
        pasted = text
        return nil
    }

    /// Terminals send line ends of a paste as carriage returns.
    private static func withLineFeeds(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\r" {
                result.append("\n")
            } else if scalar != "\n" || !afterReturn {
                result.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        return String(result)
    }

    private enum Step {
        case incomplete
        case consumed(Int, InputEvent?)
        case paste(Int)
    }

    private func parse(final: Bool) -> Step {
        let first = pending[0]
        if first == 0x1b { return parseEscape(final: final) }
        if let key = Self.controlKey(first) { return .consumed(1, .key(key)) }
        return parseCharacter(at: 0, modifiers: [], final: final)
    }

    static func controlKey(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x00: Key(.character(" "), .control)
        case 0x09: .tab
        case 0x0D: .enter
        case 0x1C...0x1F: Key(.character(Character(Unicode.Scalar(byte + 0x40))), .control)
        case 0x01..<0x1B: Key(.character(Character(Unicode.Scalar(byte + 0x60))), .control)
        case 0x7F: .backspace
        default: nil
        }
    }

    private func parseCharacter(at start: Int, modifiers: Key.Modifiers, final: Bool) -> Step {
        let first = pending[start]
        let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        if pending.count < start + length { return final ? .consumed(pending.count, nil) : .incomplete }
        let text = String(decoding: pending[start..<start + length], as: UTF8.self)
        guard let character = text.first, character != "\u{FFFD}" else { return .consumed(start + length, nil) }
        return .consumed(start + length, .key(Key(.character(character), modifiers)))
    }

    private func parseEscape(final: Bool) -> Step {
        guard pending.count > 1 else { return final ? .consumed(1, .key(.escape)) : .incomplete }
        for (sequence, key) in known where pending.starts(with: sequence) {
            return .consumed(sequence.count, .key(key))
        }
        switch pending[1] {
        case UInt8(ascii: "["): return parseControlSequence(final: final)
        case UInt8(ascii: "O"):
            guard pending.count > 2 else { return final ? .consumed(2, .key(.alt("O"))) : .incomplete }
            return .consumed(3, KeySequences.letter(pending[2], []).map { .key($0) })
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"): return parseReply(final: final)
        case 0x1b:
            // Alt with a key that is itself a sequence, or Esc twice.
            if pending.count > 2, pending[2] == UInt8(ascii: "[") || pending[2] == UInt8(ascii: "O") {
                return .consumed(1, nil)
            }
            return pending.count == 2 && !final ? .incomplete : .consumed(1, .key(.escape))
        default:
            if let key = Self.controlKey(pending[1]) {
                return .consumed(2, .key(Key(key.code, key.modifiers.union(.alt))))
            }
            return parseCharacter(at: 1, modifiers: .alt, final: final)
        }
    }

    /// An answer of the terminal to a question: none of ours is left unanswered, so it is dropped.
    private func parseReply(final: Bool) -> Step {
        var index = 2
        while index < pending.count {
            if pending[index] == 0x07 { return .consumed(index + 1, nil) }
            if pending[index] == 0x1b, index + 1 < pending.count, pending[index + 1] == UInt8(ascii: "\\") {
                return .consumed(index + 2, nil)
            }
            index += 1
        }
        guard final else { return .incomplete }
        return pending.count == 2
            ? .consumed(2, .key(Key(.character(Character(Unicode.Scalar(pending[1]))), .alt)))
            : .consumed(pending.count, nil)
    }

    private func parseControlSequence(final: Bool) -> Step {
        var index = 2
        while index < pending.count, !(0x40...0x7E).contains(pending[index]) {
            if pending[index] < 0x20 { return .consumed(index, nil) }
            index += 1
        }
        guard index < pending.count else {
            guard final else { return .incomplete }
            return pending.count == 2 ? .consumed(2, .key(.alt("["))) : .consumed(pending.count, nil)
        }
        // The Linux console sends ESC [ [ A … E for F1 … F5.
        if index == 2, pending[2] == UInt8(ascii: "[") {
            guard pending.count > 3 else { return final ? .consumed(3, nil) : .incomplete }
            let number = Int(pending[3]) - 0x40
            return .consumed(4, (1...5).contains(number) ? .key(.function(number)) : nil)
        }
        let body = pending[2..<index]
        let last = pending[index]
        if body.first == UInt8(ascii: "<") {
            return .consumed(
                index + 1, KeySequences.mouse(body.dropFirst(), isRelease: last == UInt8(ascii: "m")).map { .mouse($0) }
            )
        }
        let numbers = KeySequences.numbers(body)
        if last == UInt8(ascii: "~"), numbers.first == 200 { return .paste(index + 1) }
        if body.isEmpty, last == UInt8(ascii: "I") { return .consumed(index + 1, .focused(true)) }
        if body.isEmpty, last == UInt8(ascii: "O") { return .consumed(index + 1, .focused(false)) }
        return .consumed(index + 1, KeySequences.key(numbers, last).map { .key($0) })
    }
}
