/// How many columns a Unicode scalar takes on a terminal: 0, 1 or 2.
public enum ScalarWidth {
    /// Scalars that East Asian Width calls wide or full width, outside the emoji (those are found by property).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
        0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
        0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]

    /// The columns `scalar` takes. Control characters count 1, since the buffer shows a picture of them.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        if value >= 0x2500 && value <= 0x25FF { return value == 0x25FD || value == 0x25FE ? 2 : 1 }
        if value >= 0x2800 && value <= 0x28FF { return 1 }
        if value >= 0x1160 && value <= 0x11FF { return 0 }
        // Regional indicators are drawn one by one; a pair fills the two columns of its flag.
        if value >= 0x1F1E6 && value <= 0x1F1FF { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        case .format: return 1  // shown as a replacement picture, see `Glyph`
        default: break
        }
        if value < 0x1100 { return 1 }
        if isWide(value) || scalar.properties.isEmojiPresentation { return 2 }
        return 1
    }

    private static func isWide(_ value: UInt32) -> Bool {
        var low = 0
        var high = wide.count - 1
        while low <= high {
            let middle = (low + high) / 2
            let range = wide[middle]
            if value < range.lowerBound {
                high = middle - 1
            } else if value > range.upperBound {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }
}
