import AWSProtocols
import NIOCore
import NIOHTTP1

/// A request and where its response goes.
struct Exchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer
    let timeout: TimeAmount
    let response: EventLoopPromise<WireResponse>
}

/// Why an exchange came to nothing.
enum ExchangeFailure: Error {
    /// The connection ended before the first byte of the answer: it may have been idle too long.
    case closedBeforeAnswer
    case closedWithinAnswer
    case timedOut
    case tooLarge
}

/// One exchange at a time on a connection: sends the request, gathers the response.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    /// AWS: nothing it answers is larger, function archives aside, which are not sent this way.
    private static let maximumBytes = 256 * 1024 * 1024

    private var exchange: Exchange?
    private var timer: Scheduled<Void>?
    private var response: WireResponse?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        self.exchange = exchange
        let channel = context.channel
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: exchange.timeout) {
            bound.value.finish(.failure(ExchangeFailure.timedOut))
            channel.close(promise: nil)
        }
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if exchange.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(exchange.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // 1xx answers only announce the one that counts.
            guard head.status.code >= 200 else { return }
            var headers = WireHeaders()
            for (name, value) in head.headers { headers.append(name, value) }
            response = WireResponse(status: Int(head.status.code), headers: headers)
        case .body(var buffer):
            guard response != nil else { return }
            response?.body += buffer.readBytes(length: buffer.readableBytes) ?? []
            if let count = response?.body.count, count > Self.maximumBytes {
                finish(.failure(ExchangeFailure.tooLarge))
                context.close(promise: nil)
            }
        case .end:
            if let response { finish(.success(response)) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(response == nil ? ExchangeFailure.closedBeforeAnswer : .closedWithinAnswer))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error))
        context.close(promise: nil)
    }

    private func finish(_ result: Result<WireResponse, any Error>) {
        timer?.cancel()
        timer = nil
        response = nil
        guard let exchange else { return }
        self.exchange = nil
        exchange.response.completeWith(result)
    }
}
