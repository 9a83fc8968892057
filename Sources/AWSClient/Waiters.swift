import AWSModel
import AWSTypes

extension AWSClient {
    /// Waits as one of the service's waiters says, e.g. `FunctionActiveV2` of `lambda`.
    ///
    /// - Parameters:
    ///   - interval: between attempts; nil for the model's own, which is meant for the real AWS.
    ///   - limit: attempts in all; nil for the model's own.
    /// - Returns: the answer that ended the waiting; nil where an error was what it waited for.
    /// - Throws: `WaiterFailed` where the state waited for cannot come any more, `TimedOut` after the last attempt, or
    ///   the error of an attempt that the waiter does not know.
    @discardableResult
    public func wait(
        until name: String, of service: ServiceID, _ input: DocumentObject, every interval: Duration? = nil,
        limit: Int? = nil
    ) async throws(AWSError) -> DocumentObject? {
        guard let waiter = ServiceModel.load(service)?.waiters[name] else {
            throw AWSError("UnknownWaiter", "\(service) has no waiter \(name).")
        }
        for attempt in 0..<max(1, limit ?? waiter.maximumAttempts) {
            if attempt > 0 {
                do {
                    try await Task.sleep(for: interval ?? .seconds(waiter.delay))
                } catch {
                    throw AWSError("Cancelled", "The wait for \(name) was cancelled.")
                }
            }
            let answer: Result<DocumentObject, AWSError>
            do throws(AWSError) {
                answer = .success(try await call(service: service, operation: waiter.operation, input: input))
            } catch {
                answer = .failure(error)
            }
            switch waiter.outcome(of: answer) {
            case .success: return try? answer.get()
            case .failure: throw AWSError("WaiterFailed", "\(name) cannot be reached any more.")
            case .retry: continue
            case nil:
                if case .failure(let error) = answer { throw error }
            }
        }
        throw AWSError("TimedOut", "\(name) was not reached in time.")
    }
}

extension WaiterModel {
    /// What the first acceptor that fits makes of an answer.
    func outcome(of answer: Result<DocumentObject, AWSError>) -> Acceptor.Outcome? {
        acceptors.first { $0.accepts(answer) }?.outcome
    }
}

extension WaiterModel.Acceptor {
    func accepts(_ answer: Result<DocumentObject, AWSError>) -> Bool {
        switch (matcher, answer) {
        case (.path, .success(let output)): return DocumentPath(argument).value(in: output) == expected
        case (.pathAll, .success(let output)):
            guard let list = DocumentPath(argument).value(in: output).list, !list.isEmpty else { return false }
            return list.allSatisfy { $0 == expected }
        case (.pathAny, .success(let output)):
            return DocumentPath(argument).value(in: output).list?.contains(expected) ?? false
        case (.status, .success): return expected.integer == 200
        case (.status, .failure(let error)): return expected.integer == Int64(error.httpStatus)
        case (.error, .failure(let error)): return expected.bool ?? (expected.string == error.code)
        case (.error, .success): return expected.bool == false
        case (.path, .failure), (.pathAll, .failure), (.pathAny, .failure): return false
        }
    }
}
