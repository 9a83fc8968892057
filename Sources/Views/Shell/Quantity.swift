import TerminalUI

/// How many of something, in words.
enum Quantity {
    /// `3 messages`, `1 message`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number.grouped) \(noun)\(number == 1 ? "" : "s")" }

    /// `812 B`, `1.2 kB`, `48 MB`.
    static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        var units = ["kB", "MB", "GB", "TB"][...]
        while value >= 1000, units.count > 1 {
            value /= 1000
            units = units.dropFirst()
        }
        return "\(AxisTicks.short((value * 10).rounded() / 10)) \(units.first ?? "TB")"
    }
}
