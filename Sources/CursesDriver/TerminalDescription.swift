import CNcurses
import Glibc
import TerminalUI

/// What is known of the terminal before curses starts: from its description and the environment.
struct TerminalDescription {
    let name: String
    let encoding: Encoding
    let wantsColour: Bool
    /// Sequences of keys that its description names.
    let keys: [[UInt8]: Key]
    let leaveScreen: [UInt8]
    /// False where what was on the screen before does not come back by itself.
    let hasAlternateScreen: Bool

    init(options: CursesOptions) throws(CursesError) {
        guard isatty(0) == 1, isatty(1) == 1 else { throw .noTerminal }
        let term = Self.environment("TERM") ?? ""
        let isUTF8 = skua_locale_is_utf8() != 0
        encoding = options.encoding ?? (isUTF8 ? .utf8 : .ascii)
        let noColour = !(Self.environment("NO_COLOR") ?? "").isEmpty
        wantsColour = options.colours.map { $0 != .monochrome } ?? !noColour
        name = Self.directColourName(of: term, options: options, wantsColour: wantsColour) ?? term
        guard skua_load_terminal(name) != 0 else { throw .unknownTerminal(term.isEmpty ? "(TERM is not set)" : term) }
        guard skua_terminal_string("cup") != nil else { throw .terminalTooSimple(term) }
        keys = Self.keySequences()
        hasAlternateScreen = !Self.bytes(of: "rmcup").isEmpty
        leaveScreen = ["cnorm", "sgr0", hasAlternateScreen ? "rmcup" : "clear"].flatMap { Self.bytes(of: $0) }
    }

    /// The description with direct colours of the same terminal, if the terminal says it has them and there is one.
    private static func directColourName(of term: String, options: CursesOptions, wantsColour: Bool) -> String? {
        guard wantsColour else { return nil }
        let says = environment("COLORTERM") ?? ""
        let wanted = options.colours.map { $0 == .trueColour } ?? (says == "truecolor" || says == "24bit")
        guard wanted else { return nil }
        var base = term
        for suffix in ["-256color", "-color"] where base.hasSuffix(suffix) { base.removeLast(suffix.count) }
        for candidate in [term + "-direct", base + "-direct", base == "xterm-kitty" ? "kitty-direct" : "xterm-direct"] {
            // Borrowing xterm's description is safe only for those that call themselves xterm.
            if candidate == "xterm-direct", base != "xterm" { continue }
            if skua_load_terminal(candidate) != 0,
                skua_terminal_flag("RGB") != 0 || skua_terminal_number("colors") > 256
            {
                return candidate
            }
        }
        return nil
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// A capability without its padding marks (`$<5>`).
    static func bytes(of capability: String) -> [UInt8] {
        guard let raw = skua_terminal_string(capability) else { return [] }
        let text = Array(String(cString: raw).utf8)
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "$"), index + 1 < text.count, text[index + 1] == UInt8(ascii: "<"),
                let end = text[index...].firstIndex(of: UInt8(ascii: ">"))
            {
                index = end + 1
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private static func keySequences() -> [[UInt8]: Key] {
        var result: [[UInt8]: Key] = [:]
        let named: [(String, Key)] = [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kich1", Key(.insert)), ("kcbt", .backTab),
        ]
        for (capability, key) in named { add(capability, key, to: &result) }
        for number in 1...12 { add("kf\(number)", .function(number), to: &result) }
        return result
    }

    private static func add(_ capability: String, _ key: Key, to keys: inout [[UInt8]: Key]) {
        let sequence = bytes(of: capability)
        if sequence.count > 1, sequence[0] == 0x1b { keys[sequence] = key }
    }
}
