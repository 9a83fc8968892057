import AWSModel

/// A JSONPath in the dialect Step Functions reads (Jayway's), parsed once.
///
/// Roots are the state's data (`$`), the context object (`$$`) and variables (`$name`).
public struct JSONPath: Sendable, Hashable {
    public enum Root: Sendable, Hashable {
        case data
        case context
        case variable(String)
    }

    indirect enum Segment: Sendable, Hashable {
        case property(String)
        case properties([String])
        case index(Int)
        case indices([Int])
        case slice(from: Int?, to: Int?)
        case wildcard
        case filter(PathFilter)
        /// `.sum()` and the like.
        case function(PathFunction, [PathFilter.Operand])
        /// `..`: what follows applies to every node below, and to the node itself.
        case descendants
    }

    /// The functions that Jayway has at the end of a path.
    enum PathFunction: String, Sendable, Hashable, CaseIterable {
        case avg, stddev, sum, min, max, concat, length, size, append, keys, first, last, index
    }

    /// The text as written, for messages.
    public let source: String
    public let root: Root
    let segments: [Segment]

    /// A definite path names one place; any other yields a list of whatever matches.
    public var isDefinite: Bool {
        PathEvaluation.isDefinite(segments[...])
    }

    /// AWS: a Reference Path names one place of the state's data, so that something can be put there.
    public var isReferencePath: Bool { root == .data && segments.allSatisfy(\.isSingle) }

    /// `$` alone.
    public var isWholeData: Bool { root == .data && segments.isEmpty }

    public init(parsing source: String) throws(PathSyntaxError) {
        var parser = PathParser(source)
        self = try parser.wholePath()
    }

    init(source: String, root: Root, segments: [Segment]) {
        self.source = source
        self.root = root
        self.segments = segments
    }
}

extension JSONPath.Segment {
    /// Names one member or element.
    var isSingle: Bool {
        switch self {
        case .property, .index: true
        default: false
        }
    }
}

/// A text that is no JSONPath.
public struct PathSyntaxError: Error, Sendable, Hashable {
    public var message: String
}

/// Why a path found nothing, in Jayway's words.
struct PathMiss: Error, Sendable, Hashable {
    var message: String
}
