import AWSModel

/// The answer to a call that may come later: a long poll, a synchronous invocation. Answer exactly once.
public struct Reply<Output: AWSStructure> {
    let core: EngineCore
    let id: PendingReplies.ID

    /// False once the call was answered or its client went away.
    public var isOpen: Bool { core.replies.isOpen(id) }

    /// Whether the client takes a stream of events before the answer.
    public var canReport: Bool { core.replies.canReport(id) }

    /// Sends one event of the answer's stream: an object with one member, the event's name.
    public func report(_ event: DocumentObject) { core.replies.report(id, .event(event)) }

    /// Says, before any event, what of the answer is not in the stream.
    public func begin(_ output: DocumentObject) { core.replies.report(id, .beginning(output)) }

    public func succeed(_ output: Output) { core.replies.answer(id, .success(output.document)) }
    public func fail(_ error: ServiceError) { core.replies.answer(id, .failure(error)) }
    /// Runs when the client goes away before the answer; what was parked must be taken back here.
    public func onAbandon(_ body: @escaping () -> Void) { core.replies.onAbandon(id, body) }
}

/// Which operations a service has built: each is one line here and one file under `Operations/`.
public struct OperationTable {
    /// Nil means that the answer comes later.
    typealias Body = (DocumentObject, Call, PendingReply) throws(ServiceError) -> DocumentObject?

    struct PendingReply {
        var core: EngineCore
        var id: PendingReplies.ID
    }

    private(set) var bodies: [String: Body] = [:]

    public init() {}

    public var names: [String] { bodies.keys.sorted() }

    /// An operation that is answered in the same turn.
    public mutating func on<Input, Output>(
        _ operation: Operation<Input, Output>, _ body: @escaping (Input, Call) throws(ServiceError) -> Output
    ) {
        func decoded(document: DocumentObject, call: Call, reply: PendingReply) throws(ServiceError) -> DocumentObject?
        {
            try body(Input(document), call).document
        }
        bodies[operation.name] = decoded
    }

    /// An operation whose answer may have to wait.
    public mutating func onPending<Input, Output>(
        _ operation: Operation<Input, Output>,
        _ body: @escaping (Input, Call, Reply<Output>) throws(ServiceError) -> Void
    ) {
        func decoded(document: DocumentObject, call: Call, reply: PendingReply) throws(ServiceError) -> DocumentObject?
        {
            try body(Input(document), call, Reply(core: reply.core, id: reply.id))
            return nil
        }
        bodies[operation.name] = decoded
    }
}

/// What a client that takes a stream hears before its answer is complete.
public enum StreamPart: Sendable {
    /// The members of the output that are not in the stream. Comes first, or not at all.
    case beginning(DocumentObject)
    case event(DocumentObject)
}

/// Answers that are still owed.
public final class PendingReplies {
    public typealias ID = UInt64

    private struct Waiting {
        var completion: (CallResult) -> Void
        var report: ((StreamPart) -> Void)?
        var abandoned: (() -> Void)?
    }

    private var waiting: [ID: Waiting] = [:]
    private var last: ID = 0

    var count: Int { waiting.count }

    func open(
        _ completion: @escaping (CallResult) -> Void, report: ((StreamPart) -> Void)? = nil
    ) -> ID {
        last += 1
        waiting[last] = Waiting(completion: completion, report: report, abandoned: nil)
        return last
    }

    func isOpen(_ id: ID) -> Bool { waiting[id] != nil }

    func canReport(_ id: ID) -> Bool { waiting[id]?.report != nil }

    func report(_ id: ID, _ part: StreamPart) { waiting[id]?.report?(part) }

    func onAbandon(_ id: ID, _ body: @escaping () -> Void) { waiting[id]?.abandoned = body }

    func answer(_ id: ID, _ result: CallResult) {
        guard let waiting = waiting.removeValue(forKey: id) else { return }
        waiting.completion(result)
    }

    /// Whoever still waits gets this error.
    func failAll(_ error: ServiceError) {
        for id in waiting.keys.sorted() { answer(id, .failure(error)) }
    }

    /// The client is gone: nobody hears the answer any more.
    func abandon(_ id: ID) {
        waiting.removeValue(forKey: id)?.abandoned?()
    }
}
