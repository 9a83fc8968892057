import AWSModel

/// A request to a server outside, sent only where a subscription, connection or task of the user's says so.
public struct OutgoingRequest: Sendable, Hashable {
    public struct Header: Sendable, Hashable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Which server certificates are believed.
    public enum Trust: Sendable, Hashable {
        /// The system's authorities.
        case systemAuthorities
        /// Those in this PEM text as well.
        case alsoAuthorities(pem: String)
        /// Any: for servers on one's own machine.
        case anyCertificate
    }

    public var method: String
    /// `http://` or `https://`, with path and query as they are to be sent.
    public var url: String
    /// `Host` and `Content-Length` are added where they are missing.
    public var headers: [Header]
    public var body: [UInt8]
    /// For the whole exchange, from connecting to the last byte.
    public var timeout: Duration
    public var trust: Trust
    /// A longer answer is cut here, not thrown away.
    public var maximumResponseBytes: Int

    public init(
        method: String = "POST", url: String, headers: [Header] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(15), trust: Trust = .systemAuthorities, maximumResponseBytes: Int = 1_048_576
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.trust = trust
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// What the server answered, whatever its status.
public struct OutgoingResponse: Sendable, Hashable {
    public var status: Int
    public var headers: [OutgoingRequest.Header]
    public var body: [UInt8]
    /// The body is only its beginning: it was too long, or the connection ended within it.
    public var isTruncated: Bool
    public var durationMicroseconds: Int64

    public init(
        status: Int, headers: [OutgoingRequest.Header] = [], body: [UInt8] = [], isTruncated: Bool = false,
        durationMicroseconds: Int64 = 0
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.durationMicroseconds = durationMicroseconds
    }

    /// The first field of the name, whatever its case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why there is no answer.
public struct OutgoingFailure: Error, Sendable, Hashable {
    public enum Kind: String, Sendable {
        case invalidURL
        case unknownHost
        /// Nobody listens there, or the connection broke before an answer began.
        case connectionFailed
        /// The server's certificate is not trusted, or it speaks no TLS.
        case untrusted
        case timedOut
    }

    public var kind: Kind
    /// A sentence for people.
    public var message: String
    public var durationMicroseconds: Int64

    public init(_ kind: Kind, _ message: String, durationMicroseconds: Int64 = 0) {
        self.kind = kind
        self.message = message
        self.durationMicroseconds = durationMicroseconds
    }
}

public typealias OutgoingResult = Result<OutgoingResponse, OutgoingFailure>

extension Result where Success == OutgoingResponse, Failure == OutgoingFailure {
    /// How long the exchange took, answered or not.
    public var durationMicroseconds: Int64 {
        switch self {
        case .success(let response): response.durationMicroseconds
        case .failure(let failure): failure.durationMicroseconds
        }
    }
}
