import AWSProtocols
import NIOCore
import NIOHTTP1

/// Turns one connection's HTTP parts into requests for the chain, and its answers back into parts.
///
/// One request at a time: NIO's pipelining handler holds the next until this one is answered.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Larger bodies than AWS takes anywhere (Lambda's 50 MB archive in base64) are refused as they arrive.
    static let maximumBodyBytes = 72 * 1024 * 1024

    private let chain: HandlerChain
    private let scheme: String
    private var head: HTTPRequestHead?
    private var body: ByteBuffer?
    private var isOversized = false
    private var abandon: (() -> Void)?
    private var isStreaming = false

    init(chain: HandlerChain, scheme: String) {
        self.chain = chain
        self.scheme = scheme
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = nil
            isOversized = (head.headers.first(name: "content-length").flatMap(Int.init) ?? 0) > Self.maximumBodyBytes
            if !isOversized, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                let proceed = HTTPResponseHead(version: head.version, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
            }
        case .body(var part):
            guard !isOversized else { return }
            if (body?.readableBytes ?? 0) + part.readableBytes > Self.maximumBodyBytes {
                isOversized = true
                body = nil
            } else if body == nil {
                body = part
            } else {
                body?.writeBuffer(&part)
            }
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context: context)
        }
    }

    private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let keepAlive = head.isKeepAlive
        let respond: @Sendable (WireResponse) -> Void = { response in
            let (handler, context) = bound.value
            handler.abandon = nil
            handler.write(response, keepAlive: keepAlive, isHead: head.method == .HEAD, context: context)
        }
        if isOversized {
            // What is left of the body is not worth reading.
            write(chain.oversized(), keepAlive: false, isHead: false, context: context)
            return
        }
        let request = WireRequest(head: head, body: body)
        body = nil
        abandon = chain.handle(
            request,
            from: Origin(scheme: scheme, localAddress: context.localAddress, remoteAddress: context.remoteAddress),
            respond: respond,
            stream: { part in
                let (handler, context) = bound.value
                handler.write(part: part, context: context)
            })
    }

    /// A piece of an answer that is a stream; an empty one ends it. The connection then ends too.
    private func write(part: WireResponse, context: ChannelHandlerContext) {
        if !isStreaming {
            isStreaming = true
            var headers = HTTPHeaders()
            for field in part.headers.fields { headers.add(name: field.name, value: field.value) }
            headers.add(name: "transfer-encoding", value: "chunked")
            headers.add(name: "connection", value: "close")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: part.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }
        guard part.body.isEmpty else {
            let buffer = context.channel.allocator.buffer(bytes: part.body)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
            return
        }
        abandon = nil
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func write(_ response: WireResponse, keepAlive: Bool, isHead: Bool, context: ChannelHandlerContext) {
        var headers = HTTPHeaders()
        for field in response.headers.fields { headers.add(name: field.name, value: field.value) }
        if !headers.contains(name: "content-length"), response.status != 204 {
            headers.add(name: "content-length", value: String(response.body.count))
        }
        if !keepAlive { headers.replaceOrAdd(name: "connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !response.body.isEmpty, !isHead {
            let buffer = context.channel.allocator.buffer(bytes: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !keepAlive {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            end.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon?()
        abandon = nil
        context.fireChannelInactive()
    }

    /// A broken connection or malformed HTTP ends the connection and nothing else.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// How a request reached us: every URL in its answer starts with what the caller used.
struct Origin {
    var scheme: String
    var localAddress: SocketAddress?
    var remoteAddress: SocketAddress?
}

extension WireRequest {
    init(head: HTTPRequestHead, body: ByteBuffer?) {
        self.init(
            method: head.method.rawValue, target: Self.originForm(head.uri),
            headers: WireHeaders(head.headers.map { WireHeaders.Field($0.name, $0.value) }),
            body: body.map { Array($0.readableBytesView) } ?? [])
    }

    /// Absolute-form targets (`GET http://host/path`), as proxies send them, lose scheme and host.
    private static func originForm(_ target: String) -> String {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return target }
        let afterHost = target[scheme.upperBound...]
        return afterHost.firstIndex(of: "/").map { String(afterHost[$0...]) } ?? "/"
    }
}
