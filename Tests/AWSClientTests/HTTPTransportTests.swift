import AWSClient
import AWSModel
import AWSProtocols
import AWSTypes
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// A local server that answers every request with what `answer` makes of it.
private func withServer<T>(
    closesIdle: Bool = false, answer: @escaping @Sendable (WireRequest) -> WireResponse?,
    _ body: (Endpoint) async throws -> T
) async throws -> T {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                try channel.pipeline.syncOperations.addHandler(AnswerHandler(closesIdle: closesIdle, answer: answer))
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    defer { channel.close(promise: nil) }
    return try await body(Endpoint(isSecure: false, host: "127.0.0.1", port: try #require(channel.localAddress?.port)))
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let closesIdle: Bool
    private let answer: @Sendable (WireRequest) -> WireResponse?
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(closesIdle: Bool, answer: @escaping @Sendable (WireRequest) -> WireResponse?) {
        self.closesIdle = closesIdle
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(var buffer): body += buffer.readBytes(length: buffer.readableBytes) ?? []
        case .end:
            guard let head else { return }
            var headers = WireHeaders()
            for (name, value) in head.headers { headers.append(name, value) }
            let request = WireRequest(method: head.method.rawValue, target: head.uri, headers: headers, body: body)
            guard let response = answer(request) else { return }
            var fields = HTTPHeaders(response.headers.fields.map { ($0.name, $0.value) })
            fields.add(name: "Content-Length", value: String(response.body.count))
            let answerHead = HTTPResponseHead(
                version: .http1_1, status: .init(statusCode: response.status), headers: fields)
            context.write(wrapOutboundOut(.head(answerHead)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            if closesIdle { context.close(promise: nil) }
        }
    }
}

struct HTTPTransportTests {
    private let credentials = Credentials(accessKeyID: "key", secretAccessKey: "secret")

    private func client(_ endpoint: Endpoint, timeout: Duration = .seconds(10)) throws -> AWSClient {
        var configuration = HTTPTransport.Configuration(
            endpoint: endpoint, region: "eu-west-1", credentials: credentials)
        configuration.requestTimeout = timeout
        return AWSClient(transport: try HTTPTransport(configuration), maximumAttempts: 1)
    }

    private static let resolver = RouteResolver(addresses: ServiceModel.addresses, load: ServiceModel.load)

    @Test(arguments: [false, true]) func callsAreSignedAndAnswered(_ closesIdle: Bool) async throws {
        try await withServer(closesIdle: closesIdle) { request in
            do {
                let route = try Self.resolver.resolve(request)
                let now = Instant(epochSeconds: Date().timeIntervalSince1970)
                try SignatureV4.verify(request, at: now) { $0 == "key" ? "secret" : nil }
                let input = try route.decode(request)
                #expect(route.operation.name == "SendMessage" && route.scope?.region == "eu-west-1")
                return route.encode(["MessageId": input["MessageBody"] ?? .null], requestID: "r")
            } catch {
                return WireResponse(status: 500, body: Array("\(error)".utf8))
            }
        } _: { endpoint in
            let client = try client(endpoint)
            for text in ["one", "two", "three"] {
                let output = try await client.call(
                    SQS.sendMessage, SQS.SendMessageRequest(queueUrl: "q", messageBody: text))
                #expect(output.messageId == text)
            }
        }
    }

    @Test func errorsComeBackTyped() async throws {
        try await withServer { request in
            guard let route = try? Self.resolver.resolve(request) else { return WireResponse(status: 500) }
            return route.encode(WireError("QueueDoesNotExist", "no such queue"), requestID: "request-1")
        } _: { endpoint in
            let error = await #expect(throws: AWSError.self) {
                try await client(endpoint).call(SQS.purgeQueue, SQS.PurgeQueueRequest(queueUrl: "q"))
            }
            #expect(error?.code == "AWS.SimpleQueueService.NonExistentQueue")
            #expect(error?.message == "no such queue")
            #expect(error?.httpStatus == 400)
            #expect(error?.requestID == "request-1")
        }
    }

    @Test func silenceTimesOut() async throws {
        try await withServer { _ in
            nil
        } _: { endpoint in
            let error = await #expect(throws: AWSError.self) {
                try await client(endpoint, timeout: .milliseconds(20)).call(SQS.listQueues, SQS.ListQueuesRequest())
            }
            #expect(error?.code == "TimedOut")
        }
    }

    @Test func nobodyThere() async throws {
        let endpoint = try await withServer { _ in
            nil
        } _: {
            $0
        }
        let error = await #expect(throws: AWSError.self) {
            try await client(endpoint).call(SQS.listQueues, SQS.ListQueuesRequest())
        }
        #expect(error?.code == "ConnectionFailed" || error?.code == "TimedOut")
    }

    @Test func endpoints() {
        #expect(Endpoint("http://127.0.0.1:4566")?.authority == "127.0.0.1:4566")
        #expect(Endpoint("https://sqs.eu-west-1.amazonaws.com/")?.description == "https://sqs.eu-west-1.amazonaws.com")
        #expect(Endpoint("http://[::1]:80/base/")?.path == "/base")
        #expect(Endpoint("ftp://x") == nil)
        #expect(Endpoint("http://host:0") == nil)
    }

    @Test func profilesAreReadAsTheToolsReadThem() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secrets = folder.appendingPathComponent("credentials")
        try
            "[default]\naws_access_key_id = A\naws_secret_access_key=B\n# no\n[work]\naws_access_key_id=W\naws_secret_access_key=X\n"
            .write(to: secrets, atomically: true, encoding: .utf8)
        let config = folder.appendingPathComponent("config")
        try "[profile work]\nregion = eu-north-1\ns3 =\n  region = wrong\nendpoint_url=http://localhost:1\n"
            .write(to: config, atomically: true, encoding: .utf8)
        let files = ["AWS_SHARED_CREDENTIALS_FILE": secrets.path, "AWS_CONFIG_FILE": config.path]
        #expect(Profile(environment: files).credentials?.accessKeyID == "A")
        let work = Profile(name: "work", environment: files)
        #expect(work.credentials?.secretAccessKey == "X")
        #expect(work.region == "eu-north-1")
        #expect(work.endpointURL == "http://localhost:1")
        let keys = files.merging([
            "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "F", "AWS_SESSION_TOKEN": "T", "AWS_REGION": "sa-east-1",
            "AWS_ENDPOINT_URL_SQS": "http://localhost:2",
        ]) { $1 }
        let environment = Profile(environment: keys)
        #expect(environment.credentials?.sessionToken == "T")
        #expect(environment.region == "sa-east-1")
        #expect(environment.serviceEndpointURLs == ["sqs": "http://localhost:2"])
    }
}

struct PlainHTTPClientTests {
    // Generous: a machine that is busy with other tests must not decide this one.
    private let limits = PlainHTTPClient.Limits(timeout: .seconds(300), maximumBytes: 4)

    @Test func everyStatusIsAnAnswerAndLongOnesAreCut() async throws {
        try await withServer { request in
            WireResponse(status: request.path == "/missing" ? 404 : 200, body: Array("12345678".utf8))
        } _: { endpoint in
            let client = PlainHTTPClient()
            for (path, status) in [("/missing", 404), ("/", 200)] {
                let answer = try await client.send(
                    WireRequest(method: "POST", target: path, headers: [:], body: [1]), to: endpoint, limits: limits)
                #expect(answer.response.status == status)
                #expect(answer.response.body == Array("1234".utf8) && !answer.isComplete)
            }
        }
    }

    @Test func silenceAndAbsenceAreFailures() async throws {
        let endpoint = try await withServer { _ in
            nil
        } _: { endpoint in
            await #expect(throws: PlainHTTPClient.Failure.timedOut) {
                _ = try await PlainHTTPClient().send(
                    WireRequest(method: "GET", target: "/", headers: [:], body: []), to: endpoint,
                    limits: PlainHTTPClient.Limits(timeout: .milliseconds(20), maximumBytes: 4))
            }
            return endpoint
        }
        await #expect(throws: PlainHTTPClient.Failure.self) {
            _ = try await PlainHTTPClient().send(
                WireRequest(method: "GET", target: "/", headers: [:], body: []), to: endpoint,
                limits: PlainHTTPClient.Limits(timeout: .milliseconds(500), maximumBytes: 4))
        }
    }
}
