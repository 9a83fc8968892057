import AWSModel
import AWSTypes

@testable import Emulation

/// A test engine with a scripted runtime: each invocation waits here until the test says how it ends.
final class LambdaBench {
    let engine: TestEngine
    /// Invocations that were started and not ended, oldest first.
    private(set) var orders: [(id: EffectID, order: InvocationOrder)] = []
    /// Files the engine wanted removed.
    private(set) var removed: [String] = []
    /// Environments that were ordered ahead of need, and have not been told ready.
    private(set) var warming: [(id: EffectID, environment: FunctionEnvironment, identity: EnvironmentIdentity)] = []
    static let role = "arn:aws:iam::123456789012:role/worker"

    init(
        services: [(EngineCore) -> any Service] = ServiceCatalog.all, journal: Journal? = nil,
        directory: String? = nil, wall: Instant = LambdaBench.start
    ) throws {
        engine = try TestEngine(services: services, journal: journal, directory: directory, wall: wall)
        collect()
    }

    /// 2026-03-02, before any current runtime retires.
    static let start = CalendarDate(year: 2026, month: 3, day: 2, hour: 10).instant

    var lambda: LambdaService {
        guard let service = engine.core.service(LambdaService.self) else { fatalError("The catalog has no Lambda.") }
        return service
    }

    func collect() {
        for outgoing in engine.takeEffects() {
            switch outgoing.effect {
            case .invoke(let order): orders.append((outgoing.id, order))
            case .warm(let environment, let identities):
                warming += identities.map { (outgoing.id, environment, $0) }
            case .removeFiles(let paths): removed += paths
            case .retire, .work, .http: break
            }
        }
    }

    func call<Input, Output>(_ operation: AWSModel.Operation<Input, Output>, _ input: Input) throws -> Output {
        defer { collect() }
        return try engine.call(operation, input)
    }

    func error<Input, Output>(_ operation: AWSModel.Operation<Input, Output>, _ input: Input) -> ServiceError? {
        defer { collect() }
        return engine.error(operation, input)
    }

    func begin<Input, Output>(
        _ operation: AWSModel.Operation<Input, Output>, _ input: Input
    ) -> TestEngine.Pending<Output> {
        defer { collect() }
        return engine.begin(operation, input)
    }

    func advance(_ seconds: Int) {
        engine.advance(by: .seconds(seconds))
        collect()
    }

    @discardableResult
    func createFunction(
        _ name: String = "worker", runtime: String = "python3.13", publish: Bool? = nil,
        change: (inout Lambda.CreateFunctionRequest) -> Void = { _ in }
    ) throws -> Lambda.FunctionConfiguration {
        let zip = LambdaService.deploymentPackage(sources: [
            "handler.py": "def handler(event, context):\n    return event\n"
        ])
        var request = Lambda.CreateFunctionRequest(
            functionName: name, runtime: runtime, role: Self.role, handler: "handler.handler",
            code: Lambda.FunctionCode(zipFile: zip))
        request.publish = publish
        change(&request)
        return try call(Lambda.createFunction, request)
    }

    /// Ends the oldest invocation under way.
    func end(_ payload: String = "null", error: Bool = false, streamed: String? = nil) {
        guard !orders.isEmpty else { return }
        let (id, order) = orders.removeFirst()
        let stream = order.newEnvironment.logStream(version: order.environment.version)
        engine.report(
            id,
            .runtime(
                .environmentStarted(
                    environmentID: order.newEnvironment.id, functionArn: order.environment.functionArn,
                    version: order.environment.version, logStream: stream)))
        engine.report(
            id,
            .runtime(
                .invocationEnded(
                    InvocationReport(
                        requestID: order.requestID, environmentID: order.newEnvironment.id,
                        payload: Array(payload.utf8),
                        functionError: error ? "Unhandled" : nil, status: error ? .error : .success,
                        durationMicroseconds: 12_340, initDurationMicroseconds: 80_000, billedMicroseconds: 93_000,
                        maxMemoryUsedMB: 40, logTail: Array("START\nEND\n".utf8), coldStart: true,
                        streamedContentType: streamed))))
        collect()
    }

    /// Everything that was ordered ahead of need starts; it fails where `failing`.
    func warmUp(failing: Bool = false) {
        while !warming.isEmpty {
            let (id, environment, identity) = warming.removeFirst()
            engine.report(
                id,
                .runtime(
                    .environmentStarted(
                        environmentID: identity.id, functionArn: environment.functionArn, version: environment.version,
                        logStream: identity.logStream(version: environment.version))))
            engine.report(
                id,
                .runtime(
                    failing
                        ? .environmentEnded(environmentID: identity.id, reason: .initializationFailed)
                        : .environmentReady(environmentID: identity.id, initMicroseconds: 1000)))
            collect()
        }
    }

    static let failure = #"{"errorMessage":"boom","errorType":"Exception"}"#

    /// A queue; returns its ARN and URL.
    func createQueue(_ name: String, attributes: [String: String]? = nil) throws -> (arn: String, url: String) {
        let url =
            try call(SQS.createQueue, SQS.CreateQueueRequest(queueName: name, attributes: attributes)).queueUrl ?? ""
        return ("arn:aws:sqs:us-east-1:123456789012:\(name)", url)
    }

    func send(_ body: String, to url: String, group: String? = nil) throws {
        _ = try call(
            SQS.sendMessage,
            SQS.SendMessageRequest(
                queueUrl: url, messageBody: body, messageDeduplicationId: group == nil ? nil : body,
                messageGroupId: group))
    }

    func receiveAll(_ url: String) throws -> [SQS.Message] {
        try call(
            SQS.receiveMessage,
            SQS.ReceiveMessageRequest(
                queueUrl: url, messageAttributeNames: ["All"], maxNumberOfMessages: 10, waitTimeSeconds: 0)
        ).messages ?? []
    }
}

extension InvocationOrder {
    var json: DocumentValue { (try? JSONReader.parse(payload)) ?? .null }
    /// Bodies of a batch of queue messages.
    var bodies: [String] { json["Records"]?.list?.compactMap { $0["body"]?.string } ?? [] }
}
