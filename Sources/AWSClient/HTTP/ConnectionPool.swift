import AWSProtocols
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Connections kept open between exchanges, by endpoint.
actor ConnectionPool {
    private let group: any EventLoopGroup
    private let tls: NIOSSLContext
    private let connectTimeout: TimeAmount
    private var idle: [String: [any Channel]] = [:]

    /// AWS closes idle connections after some seconds; more than a few are no use to a console.
    private static let maximumIdle = 8

    init(group: any EventLoopGroup, tls: NIOSSLContext, connectTimeout: TimeAmount) {
        self.group = group
        self.tls = tls
        self.connectTimeout = connectTimeout
    }

    /// Sends a request and waits for its response, on an idle connection where there is one.
    func exchange(
        _ head: HTTPRequestHead, _ body: ByteBuffer, with endpoint: Endpoint, limits: ExchangeLimits
    ) async throws -> ExchangeAnswer {
        if let channel = takeIdle(endpoint) {
            do {
                return try await perform(head, body, on: channel, endpoint, limits)
            } catch ExchangeFailure.closedBeforeAnswer where !Task.isCancelled {
                // The server gave the idle connection up while the request was on its way: it was not read.
            }
        }
        return try await perform(head, body, on: try await connect(endpoint), endpoint, limits)
    }

    func closeAll() {
        for channel in idle.values.joined() { channel.close(promise: nil) }
        idle = [:]
    }

    private func takeIdle(_ endpoint: Endpoint) -> (any Channel)? {
        while let channel = idle[Self.key(endpoint)]?.popLast() {
            if channel.isActive { return channel }
        }
        return nil
    }

    private static func key(_ endpoint: Endpoint) -> String { "\(endpoint.isSecure) \(endpoint.authority)" }

    private func perform(
        _ head: HTTPRequestHead, _ body: ByteBuffer, on channel: any Channel, _ endpoint: Endpoint,
        _ limits: ExchangeLimits
    ) async throws -> ExchangeAnswer {
        let promise = channel.eventLoop.makePromise(of: ExchangeAnswer.self)
        let exchange = Exchange(head: head, body: body, limits: limits, answer: promise)
        let answer = try await withTaskCancellationHandler {
            channel.writeAndFlush(exchange).whenFailure { promise.fail($0) }
            return try await promise.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        let isKept = answer.isComplete && answer.response.headers["Connection"]?.lowercased() != "close"
        if isKept, channel.isActive, idle[Self.key(endpoint), default: []].count < Self.maximumIdle {
            idle[Self.key(endpoint), default: []].append(channel)
        } else {
            channel.close(promise: nil)
        }
        return answer
    }

    private func connect(_ endpoint: Endpoint) async throws -> any Channel {
        let tls = endpoint.isSecure ? tls : nil
        return try await ClientBootstrap(group: group)
            .connectTimeout(connectTimeout)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        // A server name must not be an address (RFC 6066).
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: endpoint.isAddress ? nil : endpoint.host))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(ExchangeHandler())
                }
            }
            .connect(host: endpoint.host, port: endpoint.port).get()
    }
}
