/// How requests for a service are told from others; known without reading its model.
public struct ServiceAddress: Sendable, Hashable {
    public var id: ServiceID
    public var targetPrefix: String?
    public var endpointPrefix: String
    public var signingName: String
    public var apiVersion: String
    public var isREST: Bool

    public init(
        id: ServiceID, targetPrefix: String?, endpointPrefix: String, signingName: String, apiVersion: String,
        isREST: Bool
    ) {
        self.id = id
        self.targetPrefix = targetPrefix
        self.endpointPrefix = endpointPrefix
        self.signingName = signingName
        self.apiVersion = apiVersion
        self.isREST = isREST
    }
}

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
    /// Finds operations by method and path, for REST services.
    public let routes: RouteTable

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
        Self.markConstraints(shapes)
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
                name: name, traits: traits.object ?? [:], pagination: pagination.object(name)
            ) { shapes[$0] }
        }
        var waiters: [String: WaiterModel] = [:]
        for (name, traits) in botocore.object("waiters") ?? [:] {
            waiters[name] = WaiterModel(name: name, traits: traits.object ?? [:])
        }
        self.shapes = shapes
        self.errors = errors
        self.operations = operations
        self.waiters = waiters
        routes = RouteTable(operations.values.sorted { $0.name < $1.name })
        operationNames = operations.keys.sorted()
    }
}

extension ServiceModel {
    /// Spreads from the shapes that have constraints to those that hold them, so that validation skips the rest.
    private static func markConstraints(_ shapes: [String: Shape]) {
        var holders: [String: [Shape]] = [:]
        for shape in shapes.values {
            for part in shape.members + [shape.element, shape.key].compactMap({ $0 }) {
                holders[part.shape.name, default: []].append(shape)
            }
        }
        var marked = shapes.values.filter {
            $0.minimum != nil || $0.maximum != nil || $0.compiledPattern != nil || !$0.values.isEmpty
                || !$0.required.isEmpty
        }
        for shape in marked { shape.hasConstraints = true }
        while let shape = marked.popLast() {
            for holder in holders[shape.name] ?? [] where !holder.hasConstraints {
                holder.hasConstraints = true
                marked.append(holder)
            }
        }
    }

    public var address: ServiceAddress {
        ServiceAddress(
            id: id, targetPrefix: metadata.targetPrefix, endpointPrefix: metadata.endpointPrefix,
            signingName: metadata.signingName, apiVersion: metadata.apiVersion,
            isREST: metadata.protocols.contains { $0 == .restJSON || $0 == .restXML })
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
