/// A service as botocore's folder names it: `sqs`, `lambda`, `stepfunctions`, `cloudwatch`, `logs`.
public struct ServiceID: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    public static func < (left: ServiceID, right: ServiceID) -> Bool { left.rawValue < right.rawValue }

    /// What ARNs call the service, where that differs from botocore's folder.
    public var arnName: String { rawValue == "stepfunctions" ? "states" : rawValue }
}

/// A structure of a service's model. Its document is keyed by the model's member names, never by wire names.
///
/// Two structures are equal where their documents are.
public protocol AWSStructure: Sendable, Hashable {
    init(_ document: DocumentObject)
    var document: DocumentObject { get }
}

extension AWSStructure {
    // Written once here: synthesized for each of some hundred structures, they would dominate the build.
    public static func == (left: Self, right: Self) -> Bool { left.document == right.document }
    public func hash(into hasher: inout Hasher) { document.hash(into: &hasher) }
}

/// The input or output of an operation that has none.
public struct Unit: AWSStructure {
    public init() {}
    public init(_ document: DocumentObject) {}
    public var document: DocumentObject { DocumentObject() }
}

/// One operation of a service, with the types of its input and output.
public struct Operation<Input: AWSStructure, Output: AWSStructure>: Sendable {
    public let service: ServiceID
    /// As the model has it: `SendMessage`.
    public let name: String

    public init(service: ServiceID, name: String) {
        self.service = service
        self.name = name
    }
}
