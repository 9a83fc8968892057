import NIOCore
import NIOHTTP1
import NIOPosix

/// A request to the Lambda Runtime API, whole.
struct RuntimeAPIRequest {
    var method: HTTPMethod
    var path: String
    var headers: HTTPHeaders
    var body: [UInt8]
    /// More came than any body may have; it was not kept.
    var bodyTooLarge: Bool
    /// What came after a body in chunks.
    var trailers: HTTPHeaders?
}

/// Where an answer goes. A call of `next` keeps it until there is an order.
struct RuntimeAPIExchange {
    let channel: any Channel
    let keepAlive: Bool

    func reply(_ status: HTTPResponseStatus, headers: [(String, String)] = [], body: [UInt8]) {
        var fields = HTTPHeaders([("Content-Type", "application/json")])
        fields.add(contentsOf: headers)
        fields.add(name: "Content-Length", value: String(body.count))
        if !keepAlive { fields.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: fields)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if !body.isEmpty {
            channel.write(HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: body))), promise: nil)
        }
        let written = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !keepAlive {
            let channel = channel
            written.whenComplete { _ in channel.close(promise: nil) }
        }
    }

    func accept() {
        reply(.accepted, body: Array(#"{"status":"OK"}"#.utf8))
    }

    /// AWS: `{"errorMessage":…,"errorType":…}`.
    func refuse(_ status: HTTPResponseStatus, type: String, message: String) {
        let text = "{\"errorMessage\":\(PlatformErrors.quoted(message)),\"errorType\":\(PlatformErrors.quoted(type))}"
        reply(status, body: Array(text.utf8))
    }
}

/// AWS: the largest synchronous response.
let largestResponse = 6_291_556
/// AWS: the largest streamed response.
let largestStreamedResponse = 200 * 1_048_576

/// Collects the parts of one connection's requests and hands them to the environment the port belongs to.
final class RuntimeAPIHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let environment: ExecutionEnvironment
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var limit = largestResponse
    private var tooLarge = false
    private var isStreaming = false

    init(_ environment: ExecutionEnvironment) {
        self.environment = environment
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            tooLarge = false
            isStreaming = head.headers.first(name: "Lambda-Runtime-Function-Response-Mode") == "streaming"
            limit = isStreaming ? largestStreamedResponse : largestResponse
        case .body(let buffer):
            guard !tooLarge else { return }
            if body.count + buffer.readableBytes > limit {
                tooLarge = true
                body = []
            } else {
                body.append(contentsOf: buffer.readableBytesView)
                if isStreaming, let head { environment.wrote(Array(buffer.readableBytesView), of: head) }
            }
        case .end(let trailers):
            guard let head else { return }
            let request = RuntimeAPIRequest(
                method: head.method, path: head.uri, headers: head.headers, body: body, bodyTooLarge: tooLarge,
                trailers: trailers)
            self.head = nil
            body = []
            environment.serve(request, RuntimeAPIExchange(channel: context.channel, keepAlive: head.isKeepAlive))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Opens an environment's port on loopback.
    static func listen(for environment: ExecutionEnvironment, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 16)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(RuntimeAPIHandler(environment))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
    }
}
