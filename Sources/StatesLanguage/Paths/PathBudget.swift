import AWSModel

/// How far one look-up may go, its filters included: scans, unions and filters that follow or hold one another multiply.
final class PathBudget {
    /// More than 256 KiB of data have places, by far.
    private var steps = 1_000_000
    private var depth = 0
    /// Data is at most 256 levels deep and a path 250 steps long; only filters in filters go further.
    private static let maximumDepth = 600

    private(set) var isExhausted = false

    static let miss = PathMiss(message: "The path visits too many places")

    func spend(_ count: Int = 1) throws(PathMiss) {
        steps -= count
        guard steps > 0 else { throw exhausted() }
    }

    /// A step for every value in a value.
    func spend(onAllOf value: DocumentValue) throws(PathMiss) {
        switch value {
        case .list(let list):
            try spend(list.count)
            for element in list { try spend(onAllOf: element) }
        case .object(let object):
            try spend(object.count)
            for member in object.values { try spend(onAllOf: member) }
        case .string(let text): try spend(text.utf8.count / 64)
        default: break
        }
    }

    /// One level further; must be balanced by ``ascend()``.
    func descend() throws(PathMiss) {
        depth += 1
        try spend()
        guard depth <= Self.maximumDepth else { throw exhausted() }
    }

    func ascend() { depth -= 1 }

    /// For those who count on their own.
    func withSteps<Result>(_ body: (inout Int) -> Result) -> Result {
        let result = body(&steps)
        if steps <= 0 { isExhausted = true }
        return result
    }

    private func exhausted() -> PathMiss {
        isExhausted = true
        steps = 0
        return Self.miss
    }
}
