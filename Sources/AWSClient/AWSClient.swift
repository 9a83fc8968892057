import AWSModel
import AWSTypes

/// How calls reach an endpoint: in-process into the embedded engine, or as signed HTTP to any other.
public protocol Transport: Sendable {
    /// Documents are keyed by the model's member names on both ways.
    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject
}

/// Typed AWS calls. The console's only way to anything.
public struct AWSClient: Sendable {
    public let transport: any Transport
    /// Attempts in all where an error may be retried. AWS: `standard` mode makes three.
    public var maximumAttempts: Int

    public init(transport: any Transport, maximumAttempts: Int = 3) {
        self.transport = transport
        self.maximumAttempts = maximumAttempts
    }

    public func call<Input, Output>(
        _ operation: Operation<Input, Output>, _ input: Input
    ) async throws(AWSError) -> Output {
        Output(try await call(service: operation.service, operation: operation.name, input: input.document))
    }

    /// The untyped form, for operations named in data.
    public func call(
        service: ServiceID, operation name: String, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        guard let service = ServiceModel.load(service), let operation = service.operations[name] else {
            throw AWSError("UnknownOperationException", "There is no model of \(service.rawValue):\(name).")
        }
        var attempt = 1
        while true {
            do throws(AWSError) {
                return try await transport.send(service: service, operation: operation, input: input)
            } catch {
                let mayRepeat = error.isThrottle || (error.isRetryable && operation.isObservation)
                guard mayRepeat, attempt < maximumAttempts, !Task.isCancelled else { throw error }
                await Self.pause(afterAttempt: attempt)
                attempt += 1
            }
        }
    }

    /// AWS: `standard` mode waits a random part of 2^attempt seconds, 20 at most. A console cannot wait that long.
    private static func pause(afterAttempt attempt: Int) async {
        let longest = min(0.1 * Double(1 << attempt), 2)
        try? await Task.sleep(for: .seconds(Double.random(in: 0...longest)))
    }

    /// Asks again and again, ever more slowly, until `condition` holds.
    /// - Throws: what the condition throws, or `TimedOut` naming `what`.
    public func wait(
        for what: String, atMost limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + limit
        var delay = Duration.milliseconds(2)
        while try await !condition() {
            guard ContinuousClock.now < end else { throw AWSError("TimedOut", "Waited too long for \(what).") }
            try await Task.sleep(for: delay)
            delay = min(delay * 2, .milliseconds(250))
        }
    }
}
