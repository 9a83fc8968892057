import AWSProtocols
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Plain requests to any server, with no service or signature in mind. Whatever it answers is an answer: no status is an
/// error, no redirect is followed, and one that is too long or breaks off is given as far as it came.
public final class PlainHTTPClient: Sendable {
    public enum Trust: Sendable, Hashable {
        case systemAuthorities
        case alsoAuthorities(pem: String)
        case anyCertificate
    }

    public struct Limits: Sendable {
        public var timeout: Duration
        public var maximumBytes: Int
        public init(timeout: Duration, maximumBytes: Int) {
            self.timeout = timeout
            self.maximumBytes = maximumBytes
        }
    }

    public enum Failure: Error, Sendable, Hashable {
        case unknownHost(String)
        case connectionFailed(String)
        case untrusted(String)
        case timedOut
    }

    private let group: any EventLoopGroup
    private let pools: Pools

    public init(group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        self.group = group
        pools = Pools(group: group)
    }

    public func close() async { await pools.closeAll() }

    /// - Returns: the response, and whether it is whole.
    public func send(
        _ request: WireRequest, to endpoint: Endpoint, trust: Trust = .systemAuthorities, limits: Limits
    ) async throws(Failure) -> (response: WireResponse, isComplete: Bool) {
        var headers = HTTPHeaders()
        for field in request.headers.fields { headers.add(name: field.name, value: field.value) }
        if request.headers["Host"] == nil { headers.add(name: "Host", value: endpoint.authority) }
        if request.headers["Content-Length"] == nil {
            headers.add(name: "Content-Length", value: String(request.body.count))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.target, headers: headers)
        let timeout = TimeAmount.nanoseconds(limits.timeout.wholeMicroseconds * 1000)
        do {
            let pool = try await pools.pool(for: trust)
            let answer = try await within(timeout) {
                try await pool.exchange(
                    head, ByteBuffer(bytes: request.body), with: endpoint,
                    limits: ExchangeLimits(
                        timeout: timeout, maximumBytes: limits.maximumBytes, keepsBeginnings: true))
            }
            return (answer.response, answer.isComplete)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Connecting counts, too: the exchange's own timer only starts behind it.
    private func within(
        _ timeout: TimeAmount, _ body: @escaping @Sendable () async throws -> ExchangeAnswer
    ) async throws -> ExchangeAnswer {
        let promise = group.next().makePromise(of: ExchangeAnswer.self)
        let timer = promise.futureResult.eventLoop.scheduleTask(in: timeout) {
            promise.fail(ExchangeFailure.timedOut)
        }
        let task = Task {
            do {
                promise.succeed(try await body())
            } catch {
                promise.fail(error)
            }
        }
        defer {
            timer.cancel()
            task.cancel()
        }
        return try await promise.futureResult.get()
    }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case ExchangeFailure.timedOut, ChannelError.connectTimeout: .timedOut
        case ExchangeFailure.closedBeforeAnswer: .connectionFailed("it closed the connection without an answer")
        case let error as NIOConnectionError: failure(error)
        case let error as NIOSSLError: .untrusted("\(error)")
        case let error as NIOSSLExtraError: .untrusted("\(error.description)")
        default: .connectionFailed("\(error)")
        }
    }

    private static func failure(_ error: NIOConnectionError) -> Failure {
        guard let first = error.connectionErrors.first else {
            return .unknownHost("the name \(error.host) is not known")
        }
        if case ChannelError.connectTimeout = first.error { return .timedOut }
        return .connectionFailed("\(first.error)")
    }
}

/// One pool for each kind of trust.
private actor Pools {
    private let group: any EventLoopGroup
    private var pools: [PlainHTTPClient.Trust: ConnectionPool] = [:]

    init(group: any EventLoopGroup) { self.group = group }

    func pool(for trust: PlainHTTPClient.Trust) throws -> ConnectionPool {
        if let pool = pools[trust] { return pool }
        var tls = TLSConfiguration.makeClientConfiguration()
        switch trust {
        case .systemAuthorities: break
        case .alsoAuthorities(let pem):
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))]
        case .anyCertificate: tls.certificateVerification = .none
        }
        let pool = ConnectionPool(
            group: group, tls: try NIOSSLContext(configuration: tls), connectTimeout: .seconds(30))
        pools[trust] = pool
        return pool
    }

    func closeAll() async {
        for pool in pools.values { await pool.closeAll() }
        pools = [:]
    }
}
