import AWSModel

/// An error as it crosses the wire, in whichever protocol.
public struct WireError: Error, Sendable, Hashable {
    public enum Fault: String, Sendable {
        case client = "Sender"
        case server = "Receiver"
    }

    /// The exception's shape, or a common code such as `ValidationException`. Decoded from a reply it is what SDKs
    /// report: the query code where a query-compatible service sent one.
    public var code: String
    public var message: String
    /// HTTP status; the model's own counts first when encoding for REST and query.
    public var status: Int
    public var fault: Fault
    /// Members besides the message.
    public var fields: DocumentObject
    /// The query protocol's code, where it isn't the model's.
    public var queryCode: String?
    /// The query protocol's message, where it isn't the other protocols'.
    public var queryMessage: String?
    public var requestID: String?

    public init(
        _ code: String, _ message: String, status: Int = 400, fault: Fault = .client, fields: DocumentObject = [:],
        queryCode: String? = nil, queryMessage: String? = nil, requestID: String? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.fault = fault
        self.fields = fields
        self.queryCode = queryCode
        self.queryMessage = queryMessage
        self.requestID = requestID
    }

    /// AWS: what a body answers that cannot be read.
    static func serialization(_ message: String) -> WireError { WireError("SerializationException", message) }
}

/// One AWS protocol, both sides of it.
public protocol WireCodec: Sendable {
    var wireProtocol: ServiceModel.WireProtocol { get }

    /// The client's side: a request, unsigned.
    func encodeRequest(_ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel)
        throws(WireError) -> WireRequest
    /// The server's side: the input, keyed by member names.
    func decodeRequest(_ request: WireRequest, _ operation: OperationModel, of service: ServiceModel)
        throws(WireError) -> DocumentObject
    func encodeResponse(
        _ output: DocumentObject, _ operation: OperationModel, of service: ServiceModel, requestID: String
    ) -> WireResponse
    func encodeError(_ error: WireError, of service: ServiceModel?, requestID: String) -> WireResponse
    /// The client's side: the output, or the error thrown.
    func decodeResponse(_ response: WireResponse, _ operation: OperationModel, of service: ServiceModel)
        throws(WireError) -> DocumentObject
}

extension ServiceModel.WireProtocol {
    /// Nil for `ec2`, which no service here speaks.
    public var codec: (any WireCodec)? {
        switch self {
        case .json: AWSJSONProtocol()
        case .query: AWSQueryProtocol()
        case .restJSON: RESTJSONProtocol()
        case .restXML: RESTXMLProtocol()
        case .rpcV2CBOR: RPCV2CBORProtocol()
        case .ec2: nil
        }
    }
}
