import AWSClient
import AWSModel
import AWSTypes
import Synchronization
import Testing

/// Answers from a script, and remembers what it was asked.
final class ScriptedTransport: Transport {
    private let script: Mutex<[Result<DocumentObject, AWSError>]>
    private let asked = Mutex<[DocumentObject]>([])

    init(_ script: [Result<DocumentObject, AWSError>]) { self.script = Mutex(script) }

    var inputs: [DocumentObject] { asked.withLock { $0 } }

    func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        asked.withLock { $0.append(input) }
        let next = script.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let next else { throw AWSError("ScriptEnded", "") }
        return try next.get()
    }
}

struct PagesAndWaitersTests {
    @Test func pagesFollowTheirTokens() async throws {
        let transport = ScriptedTransport([
            .success(["QueueUrls": ["a"], "NextToken": "1"]), .success(["QueueUrls": ["b"], "NextToken": "2"]),
            .success(["QueueUrls": ["c"]]),
        ])
        let client = AWSClient(transport: transport)
        var urls: [String] = []
        for try await page in client.pages(SQS.listQueues, SQS.ListQueuesRequest(maxResults: 1)) {
            urls += page.queueUrls ?? []
        }
        #expect(urls == ["a", "b", "c"])
        #expect(transport.inputs.map { $0.string("NextToken") } == [nil, "1", "2"])
    }

    @Test func aListingThatSaysItIsCompleteEnds() async throws {
        let transport = ScriptedTransport([
            .success(["Roles": [], "IsTruncated": true, "Marker": "m"]),
            .success(["Roles": [], "IsTruncated": false, "Marker": "left over"]),
        ])
        var count = 0
        for try await _ in AWSClient(transport: transport).pages(IAM.listRoles, IAM.ListRolesRequest()) { count += 1 }
        #expect(count == 2)
        #expect(transport.inputs.last?.string("Marker") == "m")
    }

    @Test func aTokenThatRepeatsEndsTheListing() async throws {
        let again: Result<DocumentObject, AWSError> = .success(["queueUrls": [], "NextToken": "same"])
        let transport = ScriptedTransport([again, again, again])
        var count = 0
        let input = SQS.ListDeadLetterSourceQueuesRequest(queueUrl: "q")
        for try await _ in AWSClient(transport: transport).pages(SQS.listDeadLetterSourceQueues, input) { count += 1 }
        #expect(count == 2)
    }

    private let function: DocumentObject = ["FunctionName": "orders"]

    @Test func waitersWaitForTheirState() async throws {
        let transport = ScriptedTransport([
            .success(["Configuration": ["State": "Pending"]]), .success(["Configuration": ["State": "Active"]]),
        ])
        let output = try await AWSClient(transport: transport).wait(
            until: "FunctionActiveV2", of: .lambda, function, every: .zero)
        #expect(output?.object("Configuration")?.string("State") == "Active")
    }

    @Test func waitersGiveUpWhereNothingCanCome() async throws {
        let failed = ScriptedTransport([.success(["Configuration": ["State": "Failed"]])])
        await expectCode("WaiterFailed") {
            try await AWSClient(transport: failed).wait(until: "FunctionActiveV2", of: .lambda, function, every: .zero)
        }
        let pending = ScriptedTransport(Array(repeating: .success(["Configuration": ["State": "Pending"]]), count: 3))
        await expectCode("TimedOut") {
            try await AWSClient(transport: pending).wait(
                until: "FunctionActiveV2", of: .lambda, function, every: .zero, limit: 3)
        }
        let refused = ScriptedTransport([.failure(AWSError("AccessDeniedException", "no", httpStatus: 403))])
        await expectCode("AccessDeniedException") {
            try await AWSClient(transport: refused).wait(until: "FunctionActiveV2", of: .lambda, function, every: .zero)
        }
    }

    @Test func anErrorMayBeWhatIsWaitedFor() async throws {
        let transport = ScriptedTransport([
            .failure(AWSError("ResourceNotFoundException", "no", httpStatus: 404)), .success([:]),
        ])
        try await AWSClient(transport: transport).wait(until: "FunctionExists", of: .lambda, function, every: .zero)
        #expect(transport.inputs.count == 2)
    }

    private func expectCode(_ code: String, _ body: () async throws -> Void) async {
        await #expect { try await body() } throws: { ($0 as? AWSError)?.code == code }
    }
}
