/// One operation of a service's model.
public final class OperationModel: Sendable {
    public let name: String
    public let method: String
    /// A template: `/2015-03-31/functions/{FunctionName}/versions`; `{Key+}` is greedy.
    public let uri: String
    public let template: URITemplate
    public let responseCode: Int
    public let input: Member?
    public let output: Member?
    /// What the query protocol puts the output in, where it isn't `<Name>Result`.
    public let resultWrapper: String?
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
        template = URITemplate(uri)
        responseCode = http?.integer("responseCode") ?? 200
        input = member(traits.object("input"))
        output = member(traits.object("output"))
        resultWrapper = traits.object("output")?.string("resultWrapper")
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
