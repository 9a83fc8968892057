/// How many colours the terminal shows.
public enum ColourDepth: String, CaseIterable, Hashable, Sendable {
    case monochrome, sixteen, twoHundredFiftySix, trueColour
}

/// One colour in the three palettes, chosen for each rather than converted.
public struct Colour: Hashable, Sendable {
    /// 0xRRGGBB.
    public let rgb: UInt32
    /// Index in xterm's 256 colours.
    public let indexed: UInt8
    /// Index in the 16 colours of the terminal's own palette; above 7 are the bright ones.
    public let basic: UInt8

    public init(_ rgb: UInt32, _ indexed: UInt8, _ basic: UInt8) {
        self.rgb = rgb
        self.indexed = indexed
        self.basic = basic
    }

    /// For CSS and SVG: `#rrggbb`.
    public var hexadecimal: String {
        let digits = String(rgb, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}
