import AWSClient
import AWSModel
import Synchronization

@testable import Views

/// Services that answer from a table, and remember what they were asked.
final class CannedServices: Transport {
    typealias Answer = @Sendable (DocumentObject) throws(AWSError) -> DocumentObject
    /// Answers by an operation's name; nil leaves it to the table.
    typealias Script = @Sendable (String, DocumentObject) throws(AWSError) -> DocumentObject?

    private let answers: Mutex<[String: Answer]>
    private let script = Mutex<Script?>(nil)
    private let asked = Mutex<[(operation: String, input: DocumentObject)]>([])

    init(_ answers: [String: Answer] = [:]) { self.answers = Mutex(answers) }

    func send(service: ServiceModel, operation: OperationModel, input: DocumentObject) async throws(AWSError)
        -> DocumentObject
    {
        asked.withLock { $0.append((operation.name, input)) }
        if let script = script.withLock({ $0 }), let answer = try script(operation.name, input) { return answer }
        guard let answer = answers.withLock({ $0[operation.name] }) else {
            throw AWSError("UnknownOperationException", "No canned answer to \(operation.name)", httpStatus: 501)
        }
        return try answer(input)
    }

    func answer<Input, Output>(
        _ operation: Operation<Input, Output>, _ make: @escaping @Sendable (Input) throws -> Output
    ) {
        let answer: Answer = { input throws(AWSError) in
            do {
                return try make(Input(input)).document
            } catch {
                throw error as? AWSError ?? AWSError("InternalFailure", "\(error)")
            }
        }
        answers.withLock { $0[operation.name] = answer }
    }

    /// Asks `script` first.
    func follow(_ script: @escaping Script) { self.script.withLock { $0 = script } }

    /// The inputs of all calls of an operation, in order.
    func inputs<Input, Output>(_ operation: Operation<Input, Output>) -> [Input] {
        inputs(of: operation.name).map { Input($0) }
    }

    func inputs(of operation: String) -> [DocumentObject] {
        asked.withLock { $0.filter { $0.operation == operation }.map(\.input) }
    }

    func context(hasEngine: Bool = true) -> ConsoleContext {
        var context = ConsoleContext()
        context.aws = AWSClient(transport: self, maximumAttempts: 1)
        context.capabilities = ConnectionCapabilities(hasEngine: hasEngine)
        return context
    }

    /// 2026-11-23 14:02:11 UTC.
    static let now: Int64 = 1_795_442_531_000
    static let status = ConsoleStatus(account: "123456789012", now: now, cost: "$0.0042")
}

extension Instant {
    /// Relative to the fixtures' now.
    static func ago(_ seconds: Double) -> Instant {
        Instant(epochMilliseconds: CannedServices.now - Int64(seconds * 1000))
    }
    static func ahead(_ seconds: Double) -> Instant { ago(-seconds) }
}
