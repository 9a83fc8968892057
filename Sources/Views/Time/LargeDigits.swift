import TerminalUI

/// Digits five rows high, as on a clock across a classroom.
enum LargeDigits {
    static let height = 5

    private static let shapes: [Character: [String]] = [
        "0": ["███", "█ █", "█ █", "█ █", "███"], "1": ["  █", "  █", "  █", "  █", "  █"],
        "2": ["███", "  █", "███", "█  ", "███"], "3": ["███", "  █", "███", "  █", "███"],
        "4": ["█ █", "█ █", "███", "  █", "  █"], "5": ["███", "█  ", "███", "  █", "███"],
        "6": ["███", "█  ", "███", "█ █", "███"], "7": ["███", "  █", "  █", "  █", "  █"],
        "8": ["███", "█ █", "███", "█ █", "███"], "9": ["███", "█ █", "███", "  █", "███"],
        ":": [" ", "█", " ", "█", " "],
    ]

    /// Each dot two columns wide: cells are twice as high as wide.
    static func width(of text: String) -> Int {
        text.reduce(0) { $0 + ($1 == ":" ? 2 : 6) + 2 } - 2
    }

    static func draw(_ text: String, on surface: Surface, x: Int, y: Int, _ style: Style) {
        var x = x
        for character in text {
            let shape = shapes[character] ?? []
            for (row, dots) in shape.enumerated() {
                for (column, dot) in dots.enumerated() where dot != " " {
                    surface.write("██", x: x + 2 * column, y: y + row, style)
                }
            }
            x += (character == ":" ? 2 : 6) + 2
        }
    }
}
