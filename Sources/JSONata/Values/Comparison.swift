extension Value {
    /// Equality by value, arrays and objects through and through.
    func isDeepEqual(to other: Value, level: Int = 0) -> Bool {
        guard level < 500 else { return false }
        if case (.whole(let a), .whole(let b)) = (self, other) { return a == b }
        switch (plain, other.plain) {
        case (.undefined, .undefined), (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.number(let a), .number(let b)): return a == b
        case (.string(let a), .string(let b)): return a.isSameText(as: b)
        case (.array(let a), .array(let b)):
            guard a !== b else { return true }
            guard a.count == b.count else { return false }
            return zip(a.items, b.items).allSatisfy { $0.isDeepEqual(to: $1, level: level + 1) }
        case (.object(let a), .object(let b)):
            guard a !== b else { return true }
            guard a.count == b.count else { return false }
            for (key, value) in zip(a.keys, a.values) {
                let member = b[key]
                guard !member.isUndefined, value.isDeepEqual(to: member, level: level + 1) else { return false }
            }
            return true
        case (.function(let a), .function(let b)): return a === b
        default: return false
        }
    }

    /// JavaScript's `===`.
    func isIdentical(to other: Value) -> Bool {
        switch (self, other) {
        case (.array(let a), .array(let b)): a === b
        case (.object(let a), .object(let b)): a === b
        default: isDeepEqual(to: other)
        }
    }

    /// The reference's cast to a Boolean; nil for undefined.
    var boolean: Bool? {
        switch self {
        case .undefined: nil
        case .null, .function: false
        case .bool(let value): value
        case .number(let value): value != 0 && !value.isNaN
        case .whole: true
        case .string(let text): !text.isEmpty
        case .object(let object): object.count > 0
        case .array(let array):
            array.count == 1 ? array[0].boolean : array.items.contains { $0.boolean == true }
        }
    }

    var isTrue: Bool { boolean ?? false }
}

extension String {
    /// The same code points; Swift's own `==` also takes canonically equivalent ones for equal.
    func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// JavaScript's order: by UTF-16 code units.
    func isOrderedBefore(_ other: String) -> Bool { utf16.lexicographicallyPrecedes(other.utf16) }
}
