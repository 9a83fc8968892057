/// What the numbers and the last letter of an escape sequence mean, as xterm and its many followers send them.
enum KeySequences {
    static func numbers(_ body: ArraySlice<UInt8>) -> [Int] {
        body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            // Sub-parameters after a colon (the kitty protocol) refine; the number before it is enough.
            part.prefix { $0 != UInt8(ascii: ":") }.reduce(0) { total, byte in
                (0x30...0x39).contains(byte) ? min(total * 10 + Int(byte - 0x30), 0x10FFFF) : total
            }
        }
    }

    /// xterm: 1 + a bit each for Shift, Alt, Control.
    static func modifiers(_ number: Int?) -> Key.Modifiers {
        guard let number, number > 1 else { return [] }
        return Key.Modifiers(rawValue: UInt8((number - 1) & 7))
    }

    static func letter(_ byte: UInt8, _ modifiers: Key.Modifiers) -> Key? {
        let code: Key.Code
        switch byte {
        case UInt8(ascii: "A"): code = .up
        case UInt8(ascii: "B"): code = .down
        case UInt8(ascii: "C"): code = .right
        case UInt8(ascii: "D"): code = .left
        case UInt8(ascii: "H"): code = .home
        case UInt8(ascii: "F"): code = .end
        case UInt8(ascii: "P"): code = .function(1)
        case UInt8(ascii: "Q"): code = .function(2)
        case UInt8(ascii: "R"): code = .function(3)
        case UInt8(ascii: "S"): code = .function(4)
        case UInt8(ascii: "M"): code = .enter
        case UInt8(ascii: "Z"): return .backTab
        default: return nil
        }
        return Key(code, modifiers)
    }

    static func key(_ numbers: [Int], _ last: UInt8) -> Key? {
        let modifiers = modifiers(numbers.count > 1 ? numbers[1] : nil)
        switch last {
        case UInt8(ascii: "~"):
            if numbers.first == 27, numbers.count > 2 { return unicode(numbers[2], modifiers) }
            return tilde(numbers.first ?? 0).map { Key($0, modifiers) }
        case UInt8(ascii: "u"): return unicode(numbers.first ?? 0, modifiers)
        default: return letter(last, modifiers)
        }
    }

    private static func tilde(_ number: Int) -> Key.Code? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        default: nil
        }
    }

    private static func unicode(_ number: Int, _ modifiers: Key.Modifiers) -> Key? {
        switch number {
        case 9: return Key(.tab, modifiers)
        case 13: return Key(.enter, modifiers)
        case 27: return .escape
        case 127: return Key(.backspace, modifiers)
        default:
            guard number >= 32, let scalar = Unicode.Scalar(UInt32(number)) else { return nil }
            return Key(.character(Character(scalar)), modifiers)
        }
    }

    /// SGR mouse reports: button and modifier bits, column, row.
    static func mouse(_ body: ArraySlice<UInt8>, isRelease: Bool) -> MouseEvent? {
        let numbers = numbers(body)
        guard numbers.count == 3 else { return nil }
        let bits = numbers[0]
        var modifiers: Key.Modifiers = []
        if bits & 4 != 0 { modifiers.insert(.shift) }
        if bits & 8 != 0 { modifiers.insert(.alt) }
        if bits & 16 != 0 { modifiers.insert(.control) }
        let point = Point(x: max(0, numbers[1] - 1), y: max(0, numbers[2] - 1))
        if bits & 64 != 0 {
            guard bits & 3 < 2 else { return nil }
            return MouseEvent(bits & 1 == 0 ? .wheelUp : .wheelDown, .none, at: point, modifiers: modifiers)
        }
        let buttons: [MouseEvent.Button] = [.left, .middle, .right, .none]
        let kind: MouseEvent.Kind = isRelease ? .release : bits & 32 != 0 ? .drag : .press
        return MouseEvent(kind, buttons[bits & 3], at: point, modifiers: modifiers)
    }
}
