import AWSModel
import AWSTypes

extension AWSClient {
    /// A listing page by page, as the model says it goes on. An operation without pages gives its one answer.
    public func pages<Input, Output>(_ operation: Operation<Input, Output>, _ input: Input) -> Pages<Input, Output> {
        Pages(client: self, operation: operation, input: input)
    }
}

/// The answers to a listing, each asked for when it is wanted.
public struct Pages<Input: AWSStructure, Output: AWSStructure>: AsyncSequence, Sendable {
    public typealias Element = Output
    public typealias Failure = AWSError

    let client: AWSClient
    let operation: Operation<Input, Output>
    let input: Input

    public func makeAsyncIterator() -> Iterator {
        let pagination = ServiceModel.load(operation.service)?.operations[operation.name]?.pagination
        return Iterator(client: client, operation: operation, input: input.document, pagination: pagination)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let client: AWSClient
        let operation: Operation<Input, Output>
        var input: DocumentObject
        let pagination: OperationModel.Pagination?
        var isFinished = false

        public mutating func next() async throws(AWSError) -> Output? {
            guard !isFinished else { return nil }
            let output = try await client.call(service: operation.service, operation: operation.name, input: input)
            isFinished = !advance(after: output)
            return Output(output)
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(AWSError) -> Output? {
            guard !isFinished else { return nil }
            let output = try await client.call(service: operation.service, operation: operation.name, input: input)
            isFinished = !advance(after: output)
            return Output(output)
        }

        /// Puts the answer's tokens into the next request; false where there is none.
        private mutating func advance(after output: DocumentObject) -> Bool {
            guard let pagination, !pagination.inputTokens.isEmpty else { return false }
            if let more = pagination.moreResults, DocumentPath(more).value(in: output).bool != true { return false }
            var isAnother = false
            for (name, path) in zip(pagination.inputTokens, pagination.outputTokens) {
                let token = DocumentPath(path).value(in: output)
                if token.isNull || token == "" {
                    input.remove(name)
                    continue
                }
                // AWS: GetLogEvents repeats its token at the end.
                if input[name] != token { isAnother = true }
                input[name] = token
            }
            return isAnother
        }
    }
}
