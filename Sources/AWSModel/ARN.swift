/// An Amazon Resource Name: `arn:aws:sqs:us-east-1:123456789012:orders`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    public var partition: String
    public var service: String
    /// Empty for services without regions, such as IAM.
    public var region: String
    /// Empty where a resource's name says it all, such as S3's.
    public var accountID: String
    /// Everything after the account, colons included: `function:orders:PROD`.
    public var resource: String

    public init(partition: String = "aws", service: String, region: String, accountID: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.accountID = accountID
        self.resource = resource
    }

    /// Nil where the text is no ARN.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
            return nil
        }
        self.init(
            partition: String(parts[1]), service: String(parts[2]), region: String(parts[3]),
            accountID: String(parts[4]), resource: String(parts[5]))
    }

    public var description: String { "arn:\(partition):\(service):\(region):\(accountID):\(resource)" }

    /// `function` of `function:orders`, `role` of `role/path/name`; empty where the resource is a bare name.
    public var resourceType: String {
        guard let end = resource.firstIndex(where: { $0 == ":" || $0 == "/" }) else { return "" }
        return String(resource[..<end])
    }

    /// What follows the type: `orders:PROD`, `path/name`; the whole resource where there is no type.
    public var resourceName: String {
        guard let end = resource.firstIndex(where: { $0 == ":" || $0 == "/" }) else { return resource }
        return String(resource[resource.index(after: end)...])
    }
}
