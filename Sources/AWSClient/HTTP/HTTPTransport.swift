import AWSModel
import AWSProtocols
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Calls over HTTP, signed: to a Skua engine elsewhere, to any other endpoint, or to AWS itself.
public final class HTTPTransport: Transport {
    public struct Configuration: Sendable {
        /// Nil for AWS's own endpoints.
        public var endpoint: Endpoint?
        /// For single services, by their id.
        public var serviceEndpoints: [String: Endpoint] = [:]
        public var region: String
        public var credentials: Credentials
        /// A PEM file of authorities trusted besides the system's.
        public var caFile: String?
        public var connectTimeout: Duration = .seconds(5)
        /// AWS: SDKs wait a minute. Synchronous invocations get their function's longest time instead.
        public var requestTimeout: Duration = .seconds(60)
        /// Sent with each request; lets an engine tell the console's looking from other people's calls.
        public var extraHeaders: WireHeaders = [:]

        public init(endpoint: Endpoint?, region: String, credentials: Credentials) {
            self.endpoint = endpoint
            self.region = region
            self.credentials = credentials
        }

        /// - Parameters:
        ///   - endpointURL: counts before what the profile says.
        ///   - region: likewise; `us-east-1` where neither says one.
        /// - Throws: `NoCredentials` for AWS itself, `InvalidEndpoint`.
        public init(profile: Profile, endpointURL: String? = nil, region: String? = nil) throws(AWSError) {
            func endpoint(_ url: String) throws(AWSError) -> Endpoint {
                guard let endpoint = Endpoint(url) else {
                    throw AWSError("InvalidEndpoint", "'\(url)' is not a URL such as http://127.0.0.1:4566.")
                }
                return endpoint
            }
            let url = endpointURL ?? profile.endpointURL
            self.endpoint = try url.map { url throws(AWSError) in try endpoint(url) }
            if endpointURL == nil {
                for (service, url) in profile.serviceEndpointURLs { serviceEndpoints[service] = try endpoint(url) }
            }
            self.region = region ?? profile.region ?? "us-east-1"
            caFile = profile.caBundle
            if let credentials = profile.credentials {
                self.credentials = credentials
            } else if self.endpoint != nil {
                // Emulators take any key.
                credentials = Credentials(accessKeyID: "test", secretAccessKey: "test")
            } else {
                throw AWSError(
                    "NoCredentials",
                    "There are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile.")
            }
        }
    }

    public let configuration: Configuration
    private let pool: ConnectionPool

    public init(
        _ configuration: Configuration, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(AWSError) {
        self.configuration = configuration
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = configuration.caFile { tls.additionalTrustRoots = [.file(file)] }
        do {
            pool = ConnectionPool(
                group: group, tls: try NIOSSLContext(configuration: tls),
                connectTimeout: .nanoseconds(configuration.connectTimeout.wholeMicroseconds * 1000))
        } catch {
            throw AWSError(
                "InvalidTrust", "The certificates in \(configuration.caFile ?? "the system") cannot be read: \(error)")
        }
    }

    /// Closes what is idle.
    public func close() async { await pool.closeAll() }

    public func send(
        service: ServiceModel, operation: OperationModel, input: DocumentObject
    ) async throws(AWSError) -> DocumentObject {
        guard let codec = Self.codec(service) else {
            throw AWSError("UnsupportedProtocol", "\(service.id) speaks no protocol known here.")
        }
        let request: WireRequest
        do throws(WireError) {
            request = try codec.encodeRequest(input, operation, of: service)
        } catch {
            throw AWSError(error, httpStatus: 0)
        }
        let response = try await exchange(request, operation, service)
        do throws(WireError) {
            return try codec.decodeResponse(response, operation, of: service)
        } catch {
            throw AWSError(error, httpStatus: response.status)
        }
    }

    /// AWS lists the best protocol first; other endpoints know the older ones better.
    private static func codec(_ service: ServiceModel) -> (any WireCodec)? {
        let protocols = service.metadata.protocols
        return (protocols.contains(.json) ? .json : protocols.first)?.codec
    }

    private func exchange(
        _ unsigned: WireRequest, _ operation: OperationModel, _ service: ServiceModel
    ) async throws(AWSError) -> WireResponse {
        var endpoint = endpoint(of: service)
        var request = unsigned
        // Prefixes are names below AWS's; an endpoint of one's own has none.
        if let prefix = request.hostPrefix, configuration.endpoint == nil { endpoint.host = prefix + endpoint.host }
        request.path = endpoint.path + request.path
        for field in configuration.extraHeaders.fields { request.headers.append(field.name, field.value) }
        request.headers["Host"] = endpoint.authority
        if operation.authType != "none" {
            SignatureV4.sign(
                &request, with: configuration.credentials, region: configuration.region,
                service: service.metadata.signingName,
                at: Instant(epochSeconds: Date().timeIntervalSince1970))
        }
        var headers = HTTPHeaders()
        for field in request.headers.fields { headers.add(name: field.name, value: field.value) }
        headers.add(name: "Content-Length", value: String(request.body.count))
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.target, headers: headers)
        do {
            return try await pool.exchange(
                head, ByteBuffer(bytes: request.body), with: endpoint,
                limits: ExchangeLimits(timeout: timeout(operation, service))
            ).response
        } catch ExchangeFailure.timedOut {
            throw AWSError("TimedOut", "\(endpoint) did not answer \(operation.name) in time.")
        } catch {
            if Task.isCancelled { throw AWSError("Cancelled", "\(operation.name) was cancelled.") }
            throw AWSError("ConnectionFailed", "\(endpoint) cannot be reached: \(Self.words(error))")
        }
    }

    private func timeout(_ operation: OperationModel, _ service: ServiceModel) -> TimeAmount {
        let longest: Duration =
            switch (service.id.rawValue, operation.name) {
            // AWS: a function may run for 15 minutes, an express execution for 5.
            case ("lambda", "Invoke"): .seconds(905)
            case ("stepfunctions", "StartSyncExecution"): .seconds(305)
            case ("stepfunctions", "GetActivityTask"): .seconds(65)
            default: .zero
            }
        return .nanoseconds(max(longest, configuration.requestTimeout).wholeMicroseconds * 1000)
    }

    private func endpoint(of service: ServiceModel) -> Endpoint {
        if let own = configuration.serviceEndpoints[service.id.rawValue] ?? configuration.endpoint { return own }
        let domain = configuration.region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        if let global = service.metadata.globalEndpoint, service.id.rawValue == "iam", domain == "amazonaws.com" {
            return Endpoint(isSecure: true, host: global)
        }
        return Endpoint(isSecure: true, host: "\(service.metadata.endpointPrefix).\(configuration.region).\(domain)")
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { "\($0.error)" } ?? "the name \(error.host) is not known"
        case ExchangeFailure.closedBeforeAnswer: "it closed the connection without an answer"
        case ExchangeFailure.closedWithinAnswer: "it closed the connection within its answer"
        case ExchangeFailure.tooLarge: "its answer is too large"
        default: "\(error)"
        }
    }
}
