/// A key of a value that screens find in their context.
public protocol ContextKey {
    associatedtype Value: Sendable
    /// What a screen gets when the composition root has set nothing, as in a snapshot test.
    static var defaultValue: Value { get }
}

/// What the work of screens can reach: the AWS client and whatever else the composition root sets.
///
/// Each thing is added in one extension, so the shell knows none of them:
/// ```
/// extension ConsoleContext { public var aws: AWSClient { get { self[AWSClientKey.self] } … } }
/// ```
public struct ConsoleContext: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    public init() {}

    public subscript<K: ContextKey>(key: K.Type) -> K.Value {
        get { values[ObjectIdentifier(key)] as? K.Value ?? K.defaultValue }
        set { values[ObjectIdentifier(key)] = newValue }
    }
}

/// Names something that changes: `sqs`, `sqs/orders`. A screen is told when a topic it watches changes.
public struct Topic: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let path: String
    public init(_ path: String) { self.path = path }
    public init(stringLiteral value: String) { path = value }
    public var description: String { path }

    /// Whether a change of `other` concerns whoever watches this: either is a prefix of the other.
    public func covers(_ other: Topic) -> Bool {
        path == other.path || path.isPrefix(of: other.path) || other.path.isPrefix(of: path)
    }
}

extension String {
    fileprivate func isPrefix(of longer: String) -> Bool { longer.hasPrefix(self + "/") }
}
