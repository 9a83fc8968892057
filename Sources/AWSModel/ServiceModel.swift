/// A service as its model describes it: what it is called on the wire, its operations and their types.
public final class ServiceModel: Sendable {
    public let id: ServiceID
    public let metadata: Metadata
    /// By name.
    public let operations: [String: OperationModel]
    /// Sorted.
    public let operationNames: [String]
    public let shapes: [String: Shape]
    /// Shapes of exceptions by their name and by their code on the wire.
    private let errors: [String: Shape]
    public let waiters: [String: WaiterModel]

    public enum WireProtocol: String, Sendable {
        case json
        case query
        case ec2
        case restJSON = "rest-json"
        case restXML = "rest-xml"
        case rpcV2CBOR = "smithy-rpc-v2-cbor"
    }

    public struct Metadata: Sendable, Hashable {
        public var apiVersion: String
        /// Best first.
        public var protocols: [WireProtocol]
        /// `1.0` or `1.1`.
        public var jsonVersion: String?
        public var targetPrefix: String?
        public var endpointPrefix: String
        public var globalEndpoint: String?
        /// What signatures name the service.
        public var signingName: String
        /// `Lambda`, `CloudWatch Logs`.
        public var serviceID: String
        public var fullName: String
        public var xmlNamespace: String?
        /// AWS: the service left the query protocol; its errors still carry their old codes in a header.
        public var isQueryCompatible: Bool
    }

    /// The exception that an error's code names.
    public func error(_ code: String) -> Shape? { errors[code] }

    /// From a model that is part of the program: text that does not parse is our own bug.
    public convenience init(id: ServiceID, embedded json: StaticString) {
        let text = UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount)
        guard case .success(.object(let document)) = JSONReader.parse(text) else {
            preconditionFailure("the embedded model of \(id) does not parse")
        }
        self.init(id: id, botocore: document)
    }

    public init(id: ServiceID, botocore: DocumentObject) {
        self.id = id
        let metadata = Metadata(botocore.object("metadata") ?? [:])
        self.metadata = metadata
        var shapes: [String: Shape] = [:]
        let definitions = botocore.object("shapes") ?? [:]
        for (name, traits) in definitions { shapes[name] = Shape(name: name, traits: traits.object ?? [:]) }
        for (name, traits) in definitions { shapes[name]?.link(traits.object ?? [:]) { shapes[$0] } }
        var errors: [String: Shape] = [:]
        for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
            guard let traits = shape.error else { continue }
            errors[name] = shape
            if let code = traits.code, errors[code] == nil { errors[code] = shape }
        }
        let pagination = botocore.object("pagination") ?? [:]
        var operations: [String: OperationModel] = [:]
        for (name, traits) in botocore.object("operations") ?? [:] {
            operations[name] = OperationModel(
                name: name, traits: traits.object ?? [:], pagination: pagination.object(name)) { shapes[$0] }
        }
        var waiters: [String: WaiterModel] = [:]
        for (name, traits) in botocore.object("waiters") ?? [:] {
            waiters[name] = WaiterModel(name: name, traits: traits.object ?? [:])
        }
        self.shapes = shapes
        self.errors = errors
        self.operations = operations
        self.waiters = waiters
        operationNames = operations.keys.sorted()
    }
}

extension ServiceModel.Metadata {
    init(_ traits: DocumentObject) {
        apiVersion = traits.string("apiVersion") ?? ""
        let names = traits.strings("protocols") ?? []
        let all = ([traits.string("protocol")].compactMap { $0 } + names).compactMap(ServiceModel.WireProtocol.init)
        protocols = all.enumerated().filter { all.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        jsonVersion = traits.string("jsonVersion")
        targetPrefix = traits.string("targetPrefix")
        endpointPrefix = traits.string("endpointPrefix") ?? ""
        globalEndpoint = traits.string("globalEndpoint")
        signingName = traits.string("signingName") ?? endpointPrefix
        serviceID = traits.string("serviceId") ?? ""
        fullName = traits.string("serviceFullName") ?? serviceID
        xmlNamespace = traits.string("xmlNamespace")
        isQueryCompatible = traits.contains("awsQueryCompatible")
    }
}

/// One operation of a service's model.
public final class OperationModel: Sendable {
    public let name: String
    public let method: String
    /// A template: `/2015-03-31/functions/{FunctionName}/versions`; `{Key+}` is greedy.
    public let uri: String
    public let responseCode: Int
    public let input: Member?
    public let output: Member?
    public let errors: [Shape]
    public let isDeprecated: Bool
    /// `none` for operations that take no signature.
    public let authType: String?
    public let isChecksumRequired: Bool
    /// `sync-` of Step Functions.
    public let hostPrefix: String?
    public let pagination: Pagination?

    /// How a listing goes on, with paths as botocore writes them (JMESPath).
    public struct Pagination: Sendable, Hashable {
        public var inputTokens: [String]
        public var outputTokens: [String]
        public var resultKeys: [String]
        public var limitKey: String?
        public var moreResults: String?
    }

    init(name: String, traits: DocumentObject, pagination: DocumentObject?, shape: (String) -> Shape?) {
        func member(_ traits: DocumentObject?) -> Member? {
            guard let traits, let name = traits.string("shape"), let shape = shape(name) else { return nil }
            return Member(name: name, shape: shape, traits: traits, isRequired: false)
        }
        self.name = name
        let http = traits.object("http")
        method = http?.string("method") ?? "POST"
        uri = http?.string("requestUri") ?? "/"
        responseCode = http?.integer("responseCode") ?? 200
        input = member(traits.object("input"))
        output = member(traits.object("output"))
        errors = (traits.list("errors") ?? []).compactMap { $0["shape"]?.string }.compactMap(shape)
        isDeprecated = traits.bool("deprecated") ?? false
        authType = traits.string("authtype")
        isChecksumRequired =
            traits.bool("httpChecksumRequired") ?? traits.object("httpChecksum")?.bool("requestChecksumRequired")
            ?? false
        hostPrefix = traits.object("endpoint")?.string("hostPrefix")
        self.pagination = pagination.map(Pagination.init)
    }
}

extension OperationModel.Pagination {
    init(_ traits: DocumentObject) {
        func paths(_ key: String) -> [String] { traits.strings(key) ?? traits.string(key).map { [$0] } ?? [] }
        inputTokens = paths("input_token")
        outputTokens = paths("output_token")
        resultKeys = paths("result_key")
        limitKey = traits.string("limit_key")
        moreResults = traits.string("more_results")
    }
}

/// What to ask again and again, and which answers end the waiting.
public struct WaiterModel: Sendable, Hashable {
    public var name: String
    public var operation: String
    /// Seconds between attempts.
    public var delay: Int
    public var maximumAttempts: Int
    public var acceptors: [Acceptor]

    public struct Acceptor: Sendable, Hashable {
        public enum Outcome: String, Sendable { case success, failure, retry }
        public enum Matcher: String, Sendable { case path, pathAll, pathAny, status, error }

        public var matcher: Matcher
        /// JMESPath, for the path matchers.
        public var argument: String
        public var expected: DocumentValue
        public var outcome: Outcome
    }

    init(name: String, traits: DocumentObject) {
        self.name = name
        operation = traits.string("operation") ?? ""
        delay = traits.integer("delay") ?? 5
        maximumAttempts = traits.integer("maxAttempts") ?? 25
        acceptors = (traits.list("acceptors") ?? []).compactMap { value in
            guard let matcher = value["matcher"]?.string.flatMap(Acceptor.Matcher.init),
                let outcome = value["state"]?.string.flatMap(Acceptor.Outcome.init)
            else { return nil }
            return Acceptor(
                matcher: matcher, argument: value["argument"]?.string ?? "", expected: value["expected"] ?? .null,
                outcome: outcome)
        }
    }
}
