/// A key press.
public struct Key: Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        case character(Character)
        case function(Int)
        case up, down, left, right, home, end, pageUp, pageDown
        case insert, delete, backspace, enter, tab, escape
    }

    public struct Modifiers: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let shift = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        public static let control = Modifiers(rawValue: 4)
    }

    public var code: Code
    public var modifiers: Modifiers

    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    public static let up = Key(.up)
    public static let down = Key(.down)
    public static let left = Key(.left)
    public static let right = Key(.right)
    public static let home = Key(.home)
    public static let end = Key(.end)
    public static let pageUp = Key(.pageUp)
    public static let pageDown = Key(.pageDown)
    public static let delete = Key(.delete)
    public static let backspace = Key(.backspace)
    public static let enter = Key(.enter)
    public static let tab = Key(.tab)
    public static let backTab = Key(.tab, .shift)
    public static let escape = Key(.escape)
    public static let space = Key(.character(" "))

    public static func character(_ character: Character) -> Key { Key(.character(character)) }
    public static func control(_ character: Character) -> Key { Key(.character(character), .control) }
    public static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }
    public static func function(_ number: Int) -> Key { Key(.function(number)) }

    /// The character this key types, if it types one.
    public var typed: Character? {
        if case .character(let character) = code, modifiers.isSubset(of: .shift) { return character }
        return nil
    }
}

extension Key: ExpressibleByStringLiteral {
    private static let names: [String: Code] = [
        "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end,
        "pgup": .pageUp, "pgdn": .pageDown, "ins": .insert, "del": .delete, "bksp": .backspace,
        "enter": .enter, "tab": .tab, "esc": .escape, "space": .character(" "),
    ]

    /// `"q"`, `"G"`, `"ctrl+r"`, `"alt+x"`, `"shift+tab"`, `"f5"`, `"pgdn"`, `"space"`.
    public init(stringLiteral value: String) {
        self = Key(name: value) ?? Key(.character(value.first ?? "?"))
    }

    /// A key by its name, as in configuration and tests; `nil` if there is no such key.
    public init?(name: String) {
        var rest = Substring(name)
        var modifiers: Modifiers = []
        while let plus = rest.firstIndex(of: "+"), rest.index(after: plus) < rest.endIndex {
            switch rest[..<plus].lowercased() {
            case "ctrl": modifiers.insert(.control)
            case "alt": modifiers.insert(.alt)
            case "shift": modifiers.insert(.shift)
            default: return nil
            }
            rest = rest[rest.index(after: plus)...]
        }
        if rest.count == 1, let character = rest.first {
            self.init(.character(character), modifiers)
        } else if let code = Self.names[rest.lowercased()] {
            self.init(code, modifiers)
        } else if rest.first?.lowercased() == "f", let number = Int(rest.dropFirst()), (1...24).contains(number) {
            self.init(.function(number), modifiers)
        } else {
            return nil
        }
    }
}

extension Key: CustomStringConvertible {
    /// As shown in the footer and in help: `^R`, `⏎`-free plain words, `↑` arrows.
    public var description: String {
        var prefix = ""
        if modifiers.contains(.control) {
            if case .character(let character) = code {
                return "^" + (character == " " ? "Space" : character.uppercased())
            }
            prefix += "Ctrl+"
        }
        if modifiers.contains(.alt) { prefix += "Alt+" }
        if modifiers.contains(.shift) { prefix += "Shift+" }
        let name =
            switch code {
            case .character(" "): "Space"
            case .character(let character): String(character)
            case .function(let number): "F\(number)"
            case .up: "↑"
            case .down: "↓"
            case .left: "←"
            case .right: "→"
            case .home: "Home"
            case .end: "End"
            case .pageUp: "PgUp"
            case .pageDown: "PgDn"
            case .insert: "Ins"
            case .delete: "Del"
            case .backspace: "Bksp"
            case .enter: "Enter"
            case .tab: "Tab"
            case .escape: "Esc"
            }
        return prefix + name
    }
}
