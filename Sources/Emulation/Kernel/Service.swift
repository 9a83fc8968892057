import AWSModel

/// One AWS service of the engine: a folder under `Services/`, a line in ``ServiceCatalog``.
///
/// A service is plain synchronous code. It keeps its hot state in memory, records row changes in the journal, and is
/// rebuilt from those rows by ``restore(from:)``.
public protocol Service: AnyObject {
    static var id: ServiceID { get }
    /// Tables of this service, oldest first; a migration that has shipped never changes.
    static var migrations: [Migration] { get }

    var operations: OperationTable { get }

    /// Reads the rows back at start and re-arms timers. Runs before the first call.
    func restore(from store: StoredRows) throws(StorageError)

    /// Runs after every service is restored, for work that needs another one (pollers, resumed tasks).
    func resume()

    /// Runs before the world is forgotten: real things that the service set going are told to end.
    func retire()

    /// What the resource map shows of this service.
    func resources(in scope: Scope) -> [ResourceNode]
    /// The wires that start at or end in this service's resources.
    func wires(in scope: Scope) -> [ResourceWire]
    /// Why the thing named (a resource ARN, and an item in it: a message id, an execution ARN) is where it is.
    func explain(_ resourceArn: String, item: String?) -> [Explanation]
    /// What is stuck, failing or dropping: at most a look at each resource, never at its backlog.
    func problems(in scope: Scope) -> [Problem]
}

extension Service {
    public static var migrations: [Migration] { [] }
    public func restore(from store: StoredRows) throws(StorageError) {}
    public func resume() {}
    public func retire() {}
    public func resources(in scope: Scope) -> [ResourceNode] { [] }
    public func wires(in scope: Scope) -> [ResourceWire] { [] }
    public func explain(_ resourceArn: String, item: String?) -> [Explanation] { [] }
    public func problems(in scope: Scope) -> [Problem] { [] }
}

/// A box on the resource map.
public struct ResourceNode: Sendable, Hashable {
    public var arn: String
    /// `sqs`, `lambda`, `states`: the ARN's service.
    public var service: String
    public var name: String
    /// What is under the name: `12 visible · 3 in flight`.
    public var summary: String
    public var health: Health
    /// Live figures by name (`visible`, `inFlight`, `concurrency`, `running`, `failed`).
    public var counts: [String: Int]

    public enum Health: String, Sendable { case good, busy, warning, failing, disabled }

    public init(
        arn: String, service: String, name: String, summary: String, health: Health = .good, counts: [String: Int] = [:]
    ) {
        self.arn = arn
        self.service = service
        self.name = name
        self.summary = summary
        self.health = health
        self.counts = counts
    }
}

/// A wire on the resource map: what flows from one resource to another.
public struct ResourceWire: Sendable, Hashable {
    public var sourceArn: String
    public var targetArn: String
    /// `trigger`, `task`, `dead-letter`, `destination`, `sends`.
    public var kind: String
    /// What passed since the engine started.
    public var count: Int
    /// What of it failed, or could not be delivered.
    public var failed: Int
    public var isEnabled: Bool

    public init(
        sourceArn: String, targetArn: String, kind: String, count: Int = 0, failed: Int = 0, isEnabled: Bool = true
    ) {
        self.sourceArn = sourceArn
        self.targetArn = targetArn
        self.kind = kind
        self.count = count
        self.failed = failed
        self.isEnabled = isEnabled
    }
}

/// One reason for *Why?*: the rule that holds a thing, and when it will move.
public struct Explanation: Sendable, Hashable {
    /// The rule's name: `VisibilityTimeout`, `MessageGroupLock`, `DelaySeconds`, `MappingDisabled`, `RetryWait`.
    public var rule: String
    /// A whole sentence for people.
    public var text: String
    /// When it will move by itself; nil where it won't.
    public var movesAt: Instant?
    /// The resource to open for the cause, if there is one.
    public var relatedArn: String?

    public init(rule: String, text: String, movesAt: Instant? = nil, relatedArn: String? = nil) {
        self.rule = rule
        self.text = text
        self.movesAt = movesAt
        self.relatedArn = relatedArn
    }
}
