import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A service endpoint that answers from a closure and remembers what it was asked.
final class ServiceStub: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        var headers: [String: String]
        var body: String
    }

    struct Reply: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: String
    }

    let url: String
    private let channel: any Channel
    private let seen: SeenRequests

    var requests: [Request] { seen.list.withLock { $0 } }

    init(_ answer: @escaping @Sendable (Request) -> Reply) async throws {
        let seen = SeenRequests()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { request in
                            seen.list.withLock { $0.append(request) }
                            return answer(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.seen = seen
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    private final class SeenRequests: Sendable {
        let list = Mutex<[Request]>([])
    }

    func close() async throws {
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let answer: (Request) -> Reply
        private var head: HTTPRequestHead?
        private var body = ""

        init(_ answer: @escaping (Request) -> Reply) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = ""
            case .body(let buffer): body += String(buffer: buffer)
            case .end:
                guard let head else { return }
                let headers = Dictionary(
                    head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
                let reply = answer(
                    Request(method: head.method.rawValue, path: head.uri, headers: headers, body: body))
                var fields = HTTPHeaders(reply.headers.map { ($0.key, $0.value) })
                fields.add(name: "content-length", value: String(reply.body.utf8.count))
                fields.add(name: "x-amzn-requestid", value: "11111111-2222-3333-4444-555555555555")
                let status = HTTPResponseStatus(statusCode: reply.status)
                context.write(
                    wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: fields))), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
