import AWSModel

/// Something that is stuck, failing or dropping, found by the service that has it: what asks for attention.
///
/// Detectors read what services keep anyway, so that finding costs at most a look at each resource, never at its backlog.
public struct Problem: Sendable, Hashable {
    /// What comes first in a list.
    public enum Weight: Int, Sendable, Comparable {
        /// Holds or drops things until somebody acts, or a time comes.
        case stuck
        /// Has failed and is over.
        case failed
        /// Goes wrong just now, and may right itself.
        case unsteady

        public static func < (left: Weight, right: Weight) -> Bool { left.rawValue < right.rawValue }
    }

    public var resourceArn: String
    public var weight: Weight
    /// What within the resource: a message's or group's id, an execution's ARN. Passed on to *Why?*.
    public var item: String?
    /// The rule that holds or breaks it, named as in ``Explanation``.
    public var rule: String
    /// A whole sentence for people. No ages in it: a list that is looked at would change all the time.
    public var text: String
    /// Since when; nil where nobody knows.
    public var since: Instant?
    /// When it will move by itself; nil where it won't.
    public var movesAt: Instant?
    /// The resource that is the cause, or that suffers.
    public var relatedArn: String?

    public init(
        _ resourceArn: String, _ weight: Weight = .stuck, item: String? = nil, rule: String, text: String,
        since: Instant? = nil, movesAt: Instant? = nil, relatedArn: String? = nil
    ) {
        self.resourceArn = resourceArn
        self.weight = weight
        self.item = item
        self.rule = rule
        self.text = text
        self.since = since
        self.movesAt = movesAt
        self.relatedArn = relatedArn
    }
}

extension Duration {
    /// `42 s`, `3 min 20 s`, `2 h 5 min`, `1 d 4 h`: for sentences.
    var words: String {
        let seconds = max(0, wholeMicroseconds / 1_000_000)
        switch seconds {
        case 0..<60: return "\(seconds) s"
        case 60..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case 3600..<86_400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
