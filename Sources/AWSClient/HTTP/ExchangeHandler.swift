import AWSProtocols
import NIOCore
import NIOHTTP1

/// What an exchange may cost.
struct ExchangeLimits: Sendable {
    /// From sending to the last byte.
    var timeout: TimeAmount
    /// AWS: nothing it answers is larger, function archives aside, which are not sent this way.
    var maximumBytes = 256 * 1024 * 1024
    /// Whether an answer that is too long or breaks off is given as far as it came, rather than as a failure.
    var keepsBeginnings = false
}

struct ExchangeAnswer: Sendable {
    var response: WireResponse
    var isComplete = true
}

/// A request and where its answer goes.
struct Exchange: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer
    let limits: ExchangeLimits
    let answer: EventLoopPromise<ExchangeAnswer>
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

    private var exchange: Exchange?
    private var timer: Scheduled<Void>?
    private var response: WireResponse?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        self.exchange = exchange
        let channel = context.channel
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: exchange.limits.timeout) {
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
            if let limits = exchange?.limits, let count = response?.body.count, count > limits.maximumBytes {
                response?.body.removeLast(count - limits.maximumBytes)
                breakOff(ExchangeFailure.tooLarge)
                context.close(promise: nil)
            }
        case .end:
            if let response { finish(.success(ExchangeAnswer(response: response))) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        breakOff(response == nil ? ExchangeFailure.closedBeforeAnswer : .closedWithinAnswer)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        breakOff(error)
        context.close(promise: nil)
    }

    /// The answer does not come to its end.
    private func breakOff(_ error: any Error) {
        if let response, exchange?.limits.keepsBeginnings == true {
            finish(.success(ExchangeAnswer(response: response, isComplete: false)))
        } else {
            finish(.failure(error))
        }
    }

    private func finish(_ result: Result<ExchangeAnswer, any Error>) {
        timer?.cancel()
        timer = nil
        response = nil
        guard let exchange else { return }
        self.exchange = nil
        exchange.answer.completeWith(result)
    }
}
