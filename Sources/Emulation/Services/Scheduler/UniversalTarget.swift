import AWSModel
import AWSTypes

/// `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`: any operation that the engine has.
struct UniversalTarget: Sendable, Hashable {
    var service: ServiceID
    var operation: String

    /// What AWS calls services here, where that is not their folder.
    private static let names = [
        "sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs",
    ]

    /// Nil where the ARN names a resource.
    init?(_ arn: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 8, parts[2] == "scheduler", parts[5] == "aws-sdk", let first = parts[7].first else {
            return nil
        }
        service = ServiceID(rawValue: Self.names[parts[6]] ?? parts[6])
        operation = first.uppercased() + parts[7].dropFirst()
    }

    /// AWS takes members with capitals, whatever the service's own model calls them.
    func members(_ input: DocumentObject) -> DocumentObject {
        guard service == SFN.id else { return input }
        return DocumentObject(
            input.map { name, value in (name.prefix(1).lowercased() + name.dropFirst(), value) })
    }
}
