/// A type of a service's model.
///
/// Safe to share although it is a class with variables: `ServiceModel` links shapes to each other (they may refer to
/// themselves) before it hands the first one out, and nothing writes to them afterwards.
public final class Shape: @unchecked Sendable {
    public enum Kind: String, Sendable {
        case structure, list, map, string, boolean, integer, long, float, double, timestamp, blob, character

        /// A number that need not be whole.
        var isFraction: Bool { self == .float || self == .double }
    }

    public let name: String
    public let kind: Kind
    /// Members of a structure, in the model's order.
    public internal(set) var members: [Member] = []
    /// The element of a list, or the value of a map.
    public internal(set) var element: Member?
    /// The key of a map.
    public internal(set) var key: Member?

    public let minimum: Double?
    public let maximum: Double?
    /// A regular expression, as Java reads it.
    public let pattern: String?
    /// Nil also where the expression is beyond ``Pattern``.
    public let compiledPattern: Pattern?
    /// Whether a value of this shape, or anything in it, can break a constraint.
    public internal(set) var hasConstraints = false
    /// Every value allowed, in the model's order; empty where it isn't an enumeration.
    public let values: [String]

    public let isFlattened: Bool
    public let timestampFormat: TimestampFormat?
    public let isStreaming: Bool
    public let isSensitive: Bool
    /// Untyped JSON (`document`).
    public let isDocument: Bool
    public let isUnion: Bool
    public let isEventStream: Bool
    /// One message of an event stream.
    public let isEvent: Bool
    public let isBoxed: Bool
    public let xmlNamespace: XMLNamespace?
    public let locationName: String?
    let queryName: String?
    public let location: Member.Location?
    /// The member that is the whole HTTP body.
    public internal(set) var payload: Member?
    /// Present on exceptions.
    public let error: ErrorTraits?

    private var positionByName: [String: Int] = [:]
    private var positionByWireName: [String: Int] = [:]
    /// Members that a request must have, by position.
    public private(set) var required: [Member] = []

    public struct XMLNamespace: Sendable, Hashable {
        public var uri: String
        public var prefix: String?
    }

    public enum TimestampFormat: String, Sendable { case iso8601, rfc822, unixTimestamp }

    /// What an exception's shape says beyond its members.
    public struct ErrorTraits: Sendable, Hashable {
        /// The code on the wire where it isn't the shape's name.
        public var code: String?
        public var httpStatusCode: Int?
        public var isSenderFault: Bool
        public var isServerFault: Bool
        /// AWS: the code that the query protocol had, for services that left it (`awsQueryError`).
        public var queryCode: String?
        public var queryStatusCode: Int?
    }

    public func member(_ name: String) -> Member? { positionByName[name].map { members[$0] } }

    /// The member that the wire calls `name`.
    public func member(wireName name: String) -> Member? {
        if members.count <= 6 { return members.first { $0.wireName == name } }
        return positionByWireName[name].map { members[$0] }
    }

    init(name: String, traits: DocumentObject) {
        self.name = name
        kind = traits.string("type").flatMap(Kind.init) ?? .structure
        minimum = traits.double("min")
        maximum = traits.double("max")
        pattern = traits.string("pattern")
        compiledPattern = pattern.flatMap(Pattern.init)
        values = traits.strings("enum") ?? []
        isFlattened = traits.bool("flattened") ?? false
        timestampFormat = traits.string("timestampFormat").flatMap(TimestampFormat.init)
        isStreaming = traits.bool("streaming") ?? false
        isSensitive = traits.bool("sensitive") ?? false
        isDocument = traits.bool("document") ?? false
        isUnion = traits.bool("union") ?? false
        isEventStream = traits.bool("eventstream") ?? false
        isEvent = traits.bool("event") ?? false
        isBoxed = traits.bool("box") ?? false
        xmlNamespace = XMLNamespace(traits)
        locationName = traits.string("locationName")
        queryName = traits.string("queryName")
        location = traits.string("location").flatMap(Member.Location.init)
        let error = traits.object("error")
        if error != nil || traits.bool("exception") == true || traits.bool("fault") == true {
            self.error = ErrorTraits(
                code: error?.string("code"), httpStatusCode: error?.integer("httpStatusCode"),
                isSenderFault: error?.bool("senderFault") ?? false,
                isServerFault: traits.bool("fault") ?? error?.bool("fault") ?? false,
                queryCode: traits.object("awsQueryError")?.string("code"),
                queryStatusCode: traits.object("awsQueryError")?.integer("httpResponseCode"))
        } else {
            self.error = nil
        }
    }

    func link(_ traits: DocumentObject, shape: (String) -> Shape?) {
        func member(_ name: String, _ traits: DocumentObject, isRequired: Bool = false) -> Member? {
            traits.string("shape").flatMap(shape).map {
                Member(name: name, shape: $0, traits: traits, isRequired: isRequired)
            }
        }
        let requiredNames = Set(traits.strings("required") ?? [])
        for (name, value) in traits.object("members") ?? [:] {
            guard let traits = value.object,
                let member = member(name, traits, isRequired: requiredNames.contains(name))
            else { continue }
            positionByName[name] = members.count
            positionByWireName[member.wireName] = members.count
            members.append(member)
        }
        required = members.filter(\.isRequired)
        payload = traits.string("payload").flatMap { name in members.first { $0.name == name } }
        element =
            traits.object("member").flatMap { member("member", $0) }
            ?? traits.object("value").flatMap { member("value", $0) }
        key = traits.object("key").flatMap { member("key", $0) }
    }
}

extension Shape.XMLNamespace {
    init?(_ traits: DocumentObject) {
        if let uri = traits.string("xmlNamespace") {
            self.init(uri: uri, prefix: nil)
        } else if let namespace = traits.object("xmlNamespace"), let uri = namespace.string("uri") {
            self.init(uri: uri, prefix: namespace.string("prefix"))
        } else {
            return nil
        }
    }
}

/// A member of a structure, the element of a list, or the key or value of a map. Its own traits count before those
/// of its shape.
public final class Member: Sendable {
    public enum Location: String, Sendable { case uri, querystring, header, headers, statusCode }

    public let name: String
    public let shape: Shape
    public let isRequired: Bool
    public let location: Location?
    /// The wire name, where it differs.
    public let locationName: String?
    /// `locationName`, or else the name.
    public let wireName: String
    /// The wire name in XML and in forms, where it differs. AWS: services that left the query protocol have names
    /// there (`queryName`) that JSON does not know.
    public let explicitXMLName: String?
    public let queryName: String?
    /// `explicitXMLName`, or else the name; `member`, `key` and `value` inside lists and maps.
    public let xmlName: String
    public let isFlattened: Bool
    public let isXMLAttribute: Bool
    public let xmlNamespace: Shape.XMLNamespace?
    public let timestampFormat: Shape.TimestampFormat?
    public let isStreaming: Bool
    public let isIdempotencyToken: Bool
    /// A string that holds JSON, carried base64-encoded in headers.
    public let isJSONValue: Bool
    public let isEventPayload: Bool
    public let isEventHeader: Bool
    public let isHostLabel: Bool

    init(name: String, shape: Shape, traits: DocumentObject, isRequired: Bool) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        location = traits.string("location").flatMap(Location.init) ?? shape.location
        locationName = traits.string("locationName") ?? shape.locationName
        wireName = locationName ?? name
        queryName = traits.string("queryName")
        explicitXMLName =
            queryName ?? traits.string("locationName") ?? shape.queryName ?? shape.locationName
        xmlName = explicitXMLName ?? name
        isFlattened = traits.bool("flattened") ?? shape.isFlattened
        isXMLAttribute = traits.bool("xmlAttribute") ?? false
        xmlNamespace = Shape.XMLNamespace(traits) ?? shape.xmlNamespace
        timestampFormat = traits.string("timestampFormat").flatMap(Shape.TimestampFormat.init) ?? shape.timestampFormat
        isStreaming = traits.bool("streaming") ?? shape.isStreaming
        isIdempotencyToken = traits.bool("idempotencyToken") ?? false
        isJSONValue = traits.bool("jsonvalue") ?? false
        isEventPayload = traits.bool("eventpayload") ?? false
        isEventHeader = traits.bool("eventheader") ?? false
        isHostLabel = traits.bool("hostLabel") ?? false
    }
}
